"""`motcua catalogue import`: agencies, procedures, forms, days, from files into the catalogue."""

from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from chassis.changes import Origin
from chassis.clock import new_id, utc_now
from chassis.service import open_tools
from chassis.settings import Settings
from services.catalogue.importing import FILES, BadRow, Catalogue, read_catalogue
from services.catalogue.imports import Counts, publish_catalogue
from services.catalogue.main import catalogue

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import settings_of

commands = typer.Typer(help="The catalogue of procedures.", no_args_is_help=True)

OURS = Path(str(files("motcua"))).parent / "deploy" / "catalogue"
"""The province's own files: they stand in for whatever is not given."""


class BadRows(Trouble):
    """The files are not sound; nothing was written."""

    def __init__(self, rows: tuple[BadRow, ...]) -> None:
        """Keep every bad row."""
        super().__init__(f"{len(rows)} bad rows; nothing was written.")
        self.rows = rows


async def import_catalogue(folder: Path = OURS, settings: Settings | None = None) -> Counts:
    """Import the files of a folder: all of them or, with BadRows, nothing."""
    return await _publish(_read(_contents(folder)), settings or settings_of("catalogue"))


@commands.callback()
def catalogue_commands() -> None:
    """The catalogue of procedures."""


@commands.command("import")
@command
async def import_(
    source: Annotated[Path, typer.Argument(help="a folder of the five files, or one of them")],
    as_json: Annotated[bool, JSON] = False,
) -> None:
    """Check everything, name every bad row, and publish what is new only if there is none."""
    try:
        counts = await import_catalogue(source)
    except BadRows as bad:
        _show_bad(bad.rows, as_json=as_json)
        raise typer.Exit(1) from None
    if as_json:
        print_json({"ok": True, **asdict(counts)})
    else:
        console.print(
            f"{counts.agencies} agencies, {counts.procedures} procedures, days of {counts.years} "
            f"years: {counts.new} entries were new or had changed."
        )


def _contents(source: Path) -> Mapping[str, bytes]:
    """Read the five files; a single file is taken with its neighbours, and failing those, ours."""
    if not source.exists():
        raise Trouble(f"There is no {source}.")
    if source.is_dir():
        found = {name: source / name for name in FILES if (source / name).is_file()}
    else:
        name = next((name for name in FILES if Path(name).stem in source.stem), None)
        if name is None:
            raise Trouble(f"{source.name} is none of {', '.join(FILES)}: name it after its kind.")
        beside = {name: source.with_name(name) for name in FILES}
        found = {n: file if file.is_file() else OURS / n for n, file in beside.items()}
        found[name] = source
    try:
        return {name: file.read_bytes() for name, file in found.items()}
    except OSError as cause:
        raise Trouble(f"{source} cannot be read: {cause.strerror}.") from cause


def _read(contents: Mapping[str, bytes]) -> Catalogue:
    read = read_catalogue(contents)
    if read.catalogue is None:
        raise BadRows(read.bad)
    return read.catalogue


async def _publish(found: Catalogue, settings: Settings) -> Counts:
    origin = Origin(actor="operator:catalogue-import", correlation=str(new_id()))
    async with open_tools(catalogue, settings) as tools:
        return await publish_catalogue(found, tools.store, origin, utc_now())


def _show_bad(rows: tuple[BadRow, ...], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": False, "bad": [asdict(row) for row in rows]})
        return
    table = Table("file", "line", "where", "why", title=f"{len(rows)} bad rows, nothing written")
    for row in rows:
        table.add_row(row.file, str(row.line), row.where, f"{row.vi}\n{row.en}")
    console.print(table)
