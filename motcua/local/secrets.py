"""The settings of a province on this machine: secrets made once and kept, a file per service."""

import base64
import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

from chassis.settings import PORTS, SERVICES

TERMINAL = "MOTCUA01"


def write_settings(home: Path, port: int) -> dict[str, Path]:
    """Write every service's settings file, for its owner's eyes only; secrets survive restarts."""
    kept = _secrets(home / "settings" / "secrets.json")
    files: dict[str, Path] = {}
    for service in SERVICES:
        lines = _settings(service, home, port, kept)
        file = home / "settings" / f"{service}.env"
        _write(file, "".join(f"{name}={value}\n" for name, value in lines.items()))
        files[service] = file
    return files


def read_settings(file: Path) -> dict[str, str]:
    """Read a settings file as environment variables."""
    pairs = (line.partition("=") for line in file.read_text().splitlines() if line)
    return {name: value for name, _, value in pairs}


def new_secrets() -> dict[str, str]:
    """Make every secret of a province anew, by name."""
    made = {f"master {service}": _key() for service in SERVICES}
    made |= {f"service {service}": secrets.token_urlsafe(32) for service in SERVICES}
    made |= {name: secrets.token_urlsafe(32) for name in ("pepper", "captcha", "vnpay")}
    made["signing"] = json.dumps([_signing_key(), _signing_key()], separators=(",", ":"))
    return made


def _secrets(file: Path) -> dict[str, str]:
    if not file.exists():
        _write(file, json.dumps(new_secrets(), indent=1))
    return json.loads(file.read_text())


def _key() -> str:
    return "local:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _signing_key() -> dict[str, object]:
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "EdDSA"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def _settings(service: str, home: Path, port: int, kept: dict[str, str]) -> dict[str, str]:
    database = f"127.0.0.1:{port + PORTS['postgres']}/{service}"
    bank = f"http://127.0.0.1:{port + PORTS['bank']}"
    names = {
        "ENV": "local",
        "SERVICE": service,
        "PORT": str(port),
        "HOME": str(home.absolute()),
        "DATABASE_URL": f"postgresql://{service}_app@{database}",
        "DATABASE_OWNER_URL": f"postgresql://{service}_owner@{database}",
        "KAFKA": f"127.0.0.1:{port + PORTS['kafka']}",
        "BLOBS_URL": f"file://{home.absolute()}/blobs",
        "MASTER_KEYS": kept[f"master {service}"],
        "SERVICE_SECRET": kept[f"service {service}"],
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMTP_URL": f"smtp://127.0.0.1:{port + PORTS['smtp']}",
    }
    if service == "accounts":
        known = ",".join(f"{name}:{kept[f'service {name}']}" for name in SERVICES)
        names |= {"SERVICE_SECRETS": known, "SIGNING_KEY": kept["signing"]}
        names |= {"PEPPER": kept["pepper"]}
    if service == "submission":
        names |= {"CAPTCHA_SECRET": kept["captcha"]}
    if service == "payment":
        names |= {
            "VNPAY_URL": f"{bank}/paymentv2/vpcpay.html",
            "VNPAY_API_URL": f"{bank}/merchant_webapi/api/transaction",
            "BANK_STATEMENT_URL": f"{bank}/statement",
            "VNPAY_TERMINAL": TERMINAL,
            "VNPAY_SECRET": kept["vnpay"],
            "SETTLE_AFTER_SECONDS": "20",
        }
    return {f"MOTCUA_{name}": value for name, value in names.items()}


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
