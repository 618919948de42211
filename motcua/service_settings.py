"""A service's assembly and its settings: from the environment, or, for a province on this machine,
from its state folder.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from chassis.settings import SERVICES, Settings

from .local.trouble import Trouble

if TYPE_CHECKING:
    from chassis.service import Service

WITH_LOG = tuple(name for name in SERVICES if name != "portal")


def service_named(name: str) -> "Service":
    """Give a service's assembly."""
    if name not in WITH_LOG:
        raise Trouble(f"{name} has no log: choose one of {', '.join(WITH_LOG)}.")
    return getattr(import_module(f"services.{name}.main"), name)


def home_folder() -> Path:
    """Give the state folder of the province on this machine."""
    return Path(os.environ.get("MOTCUA_HOME") or ".motcua").absolute()


def settings_of(service: str) -> Settings:
    """Give one service's own settings; Trouble if there are none."""
    if service not in SERVICES:
        raise Trouble(f"There is no service {service}: choose one of {', '.join(SERVICES)}.")
    file = home_folder() / "settings" / f"{service}.env"
    if "MOTCUA_DATABASE_URL" not in os.environ and file.exists():
        settings = settings_from(service=service, _env_file=file)
    else:
        settings = settings_from(service=service)
    if service != "portal" and not settings.database_url.get_secret_value():
        raise Trouble(
            f"Set MOTCUA_DATABASE_URL for {service}, or start the province here first: make up."
        )
    return settings


def settings_from(**given: Any) -> Settings:
    """Read the environment; Trouble names the first variable that is not right, not its value."""
    try:
        return Settings(**given)
    except ValidationError as cause:
        wrong = cause.errors(include_input=False, include_url=False)[0]
        name = "_".join(str(part) for part in wrong["loc"]).upper()
        raise Trouble(f"MOTCUA_{name} is not right: {wrong['msg']}.") from cause
