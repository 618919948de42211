"""`motcua schema`: the tables of a service, laid by their owner before its processes start."""

from collections.abc import Sequence
from typing import Annotated

import asyncpg
import typer

from chassis.database import lay_schema
from chassis.settings import Settings

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import WITH_LOG, service_named, settings_of

commands = typer.Typer(help="The tables of the services.", no_args_is_help=True)


async def apply_schema(service: str, settings: Settings) -> None:
    """Create or extend a service's tables; again is harmless."""
    app_role = _role(settings.database_url.get_secret_value())
    owner = settings.database_owner_url.get_secret_value()
    if not owner:
        raise Trouble(f"Set MOTCUA_DATABASE_OWNER_URL for {service}: its owner lays the tables.")
    try:
        await lay_schema(owner, app_role, service_named(service).schemas)
    except OSError as cause:
        raise Trouble(f"The database of {service} does not answer ({cause}).") from cause
    except asyncpg.PostgresError as cause:
        raise Trouble(f"The tables of {service} cannot be laid: {cause}.") from cause


@commands.callback()
def schema() -> None:
    """The tables of the services."""


@commands.command("apply")
@command
async def apply(
    services: Annotated[list[str], typer.Argument(help="services, or `all`")],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Create or extend the tables of services, each with its own settings."""
    names: Sequence[str] = WITH_LOG if services == ["all"] else services
    for name in names:
        await apply_schema(name, settings_of(name))
    if as_json:
        print_json({"ok": True, "services": list(names)})
    else:
        console.print(f"The tables of {', '.join(names)} are laid.")


def _role(url: str) -> str:
    """Give the user of a database's address."""
    return url.partition("://")[2].partition("@")[0].partition(":")[0]
