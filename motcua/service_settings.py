"""A service's settings: from the environment, or from the state folder of a local province."""

import os
from pathlib import Path

from chassis.settings import SERVICES, Settings

from .local.trouble import Trouble


def settings_of(service: str) -> Settings:
    """Give one service's own settings; Trouble if there are none."""
    if service not in SERVICES:
        raise Trouble(f"There is no service {service}: choose one of {', '.join(SERVICES)}.")
    home = Path(os.environ.get("MOTCUA_HOME", ".motcua"))
    file = home / "settings" / f"{service}.env"
    if "MOTCUA_DATABASE_URL" not in os.environ and file.exists():
        settings = Settings(_env_file=file, service=service)  # pyright: ignore[reportCallIssue]
    else:
        settings = Settings(service=service)  # pyright: ignore[reportCallIssue]
    if service != "portal" and not settings.database_url.get_secret_value():
        raise Trouble(
            f"Set MOTCUA_DATABASE_URL for {service}, or start the province here first: make up."
        )
    return settings
