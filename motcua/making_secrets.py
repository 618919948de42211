"""`motcua secrets`: the settings of a province on one host, with secrets made anew."""

import secrets

import typer

from .local.secrets import new_secrets
from .service_settings import WITH_LOG

_PASSWORDS = ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "STORE_SECRET")


def secrets_() -> None:
    """Print an .env file for docker compose, its secrets made anew: keep the one you use."""
    for name, value in environment().items():
        typer.echo(f"{name}='{value}'" if "{" in value else f"{name}={value}")


def environment() -> dict[str, str]:
    """Give every variable that `.env.example` explains, with a fresh secret where it is one."""
    made = new_secrets()
    named = {f"{service.upper()}_MASTER_KEYS": made[f"master {service}"] for service in WITH_LOG}
    named |= {
        f"{service.upper()}_SERVICE_SECRET": made[f"service {service}"] for service in WITH_LOG
    }
    named |= {f"{service.upper()}_DATABASE_PASSWORD": _password() for service in WITH_LOG}
    return {
        "MOTCUA_ENV": "local",
        "MOTCUA_PUBLIC_URL": "http://127.0.0.1:8000",
        **{name: _password() for name in _PASSWORDS},
        **named,
        "SIGNING_KEY": made["signing"],
        "PEPPER": made["pepper"],
        "CAPTCHA_SECRET": made["captcha"],
        "VNPAY_SECRET": made["vnpay"],
    }


def _password() -> str:
    return secrets.token_urlsafe(24)
