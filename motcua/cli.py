"""`motcua`: the map of all commands. Each lives in the module of its group."""

import typer

from . import catalogue, log, province, serving

app = typer.Typer(
    name="motcua",
    help="Một Cửa: run a province, follow a dossier, prove a history.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

app.command("up")(province.up)
app.command("serve")(serving.serve)
app.add_typer(serving.topics, name="topics")
app.add_typer(catalogue.commands, name="catalogue")
app.command("walkthrough")(province.walkthrough)
app.command("replay")(log.replay)
app.command("verify")(log.verify)
app.command("rebuild")(log.rebuild)
app.command("doctor")(log.doctor)
