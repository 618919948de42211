"""Every variable a process reads, its default and its meaning. One table, shown in
docs/settings.md.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process. Unset secrets stop a start everywhere but on
    one's own machine.
    """

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", extra="ignore", frozen=True)

    env: Literal["local", "production"] = Field(
        "production", description="`local` allows sample people, the sandbox bank and crash points"
    )
    service: str = Field(
        "", description="which service this process belongs to; set by `motcua serve`"
    )
    host: str = Field("127.0.0.1", description="address the API listens on")
    port: int = Field(8000, description="first of the block of ports; the portal's own")
    home: Path = Field(Path(".motcua"), description="where `make up` keeps its state")
    public_url: str = Field("", description="the portal's address as citizens see it")
    crash: str = Field("", description="a crash point for tests; refused outside `local`")

    database_url: SecretStr = Field(
        SecretStr(""),
        description="the service's own database, as its run-time role (postgresql://…)",
    )
    database_owner_url: SecretStr = Field(
        SecretStr(""),
        description="the same database as the owner of its schema; only for migrations",
    )
    pool_size: int = Field(8, description="database connections of one process")
    kafka: str = Field("127.0.0.1:8010", description="bootstrap servers, host:port[,host:port]")
    blobs_url: str = Field(
        "", description="file:///folder or s3://bucket/prefix for encrypted files"
    )
    master_keys: SecretStr = Field(
        SecretStr(""), description="name:base64 of 32 bytes, comma-separated, the current key first"
    )
    accounts_url: str = Field("", description="where the accounts service answers")
    catalogue_url: str = Field("", description="where the catalogue service answers")
    submission_url: str = Field("", description="where the submission service answers")
    payment_url: str = Field("", description="where the payment service answers")
    notification_url: str = Field("", description="where the notification service answers")
    portal_url: str = Field("", description="where the portal answers")
    service_secret: SecretStr = Field(
        SecretStr(""), description="this service's secret, exchanged at accounts for tokens"
    )
    service_secrets: SecretStr = Field(
        SecretStr(""), description="accounts only: name:secret of every service, comma-separated"
    )
    signing_key: SecretStr = Field(
        SecretStr(""),
        description="accounts only: Ed25519 private JWKs (JSON list), the current one first",
    )
    pepper: SecretStr = Field(
        SecretStr(""), description="accounts only: secret mixed into passwords and codes"
    )
    captcha_secret: SecretStr = Field(
        SecretStr(""), description="submission only: signs the proof-of-work challenges"
    )

    smtp_url: str = Field("", description="smtp://host:port of the mail relay")
    mail_from: str = Field("mot-cua@example.vn", description="sender of mails")
    clamd: str = Field(
        "", description="host:port or socket path of a virus scanner; without it: not scanned"
    )

    vnpay_url: str = Field("", description="the bank's payment page")
    vnpay_api_url: str = Field("", description="the bank's query and refund address")
    vnpay_terminal: str = Field("", description="our terminal code at the bank (8 characters)")
    vnpay_secret: SecretStr = Field(SecretStr(""), description="secret shared with the bank")
    bank_statement_url: str = Field("", description="where the bank tells our account's statement")
    vietqr_bin: str = Field("970436", description="the receiving bank's number for VietQR")
    vietqr_account: str = Field("0011001234567", description="the receiving account for VietQR")
    settle_after_seconds: int = Field(
        900,
        description="how long an online payment waits for the bank's call before we ask the bank",
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="least level logged"
    )
    otlp_endpoint: str = Field(
        "", description="where traces go: http://collector:4318/v1/traces (OTLP); empty: nowhere"
    )

    @model_validator(mode="after")
    def _crash_points_are_local(self) -> "Settings":
        if self.crash and self.env != "local":
            raise ValueError("MOTCUA_CRASH is only for MOTCUA_ENV=local")
        return self

    def url_of(self, service: str) -> str:
        """Where a service answers: its setting, else its place in the local block of ports."""
        given = str(getattr(self, f"{service}_url", ""))
        return given or f"http://127.0.0.1:{self.port + PORTS[service]}"

    @cached_property
    def local(self) -> bool:
        """Whether this is somebody's own machine."""
        return self.env == "local"


PORTS = {
    "portal": 0,
    "accounts": 1,
    "catalogue": 2,
    "submission": 3,
    "payment": 4,
    "notification": 5,
    "bank": 6,
    "mail": 7,
    "smtp": 8,
    "postgres": 9,
    "kafka": 10,
    "controller": 11,
    "worker": 12,
}
"""Offsets in the block of ports that begins at MOTCUA_PORT."""

SERVICES = ("accounts", "catalogue", "submission", "payment", "notification", "portal")
