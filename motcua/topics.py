"""`motcua topics`: the topics that `deploy/topics.yml` declares, created where they are missing."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from .local.trouble import Trouble
from .reporting import JSON, command, console, print_json
from .service_settings import settings_of

commands = typer.Typer(help="The topics of the province.", no_args_is_help=True)

DECLARED = Path(str(files("motcua"))).parent / "deploy" / "topics.yml"


async def apply_topics(bootstrap: str, declared: Path = DECLARED) -> dict[str, str]:
    """Create the topics that are missing; says of each `created`, `there`, or what differs.

    The number of partitions of a topic that is there is never changed.
    """
    wanted = _declared(declared)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        brokers = len((await admin.describe_cluster())["brokers"])
        there = {topic["topic"]: topic for topic in await admin.describe_topics()}
        return {
            name: await _apply(admin, name, wanted["defaults"], brokers, there.get(name))
            for name in wanted["topics"]
        }
    except KafkaError as cause:
        raise Trouble(f"Kafka at {bootstrap} does not answer ({type(cause).__name__}).") from cause
    finally:
        await admin.close()


def _declared(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text())


async def _apply(
    admin: Any, name: str, defaults: dict[str, Any], brokers: int, there: dict[str, Any] | None
) -> str:
    if there is not None:
        found, wanted = len(there["partitions"]), defaults["partitions"]
        return (
            "there"
            if found == wanted
            else f"has {found} partitions, {wanted} declared: left as it is"
        )
    factor = min(defaults["replication_factor"], brokers)
    config = {key: str(value) for key, value in defaults["config"].items()}
    config["min.insync.replicas"] = str(min(int(config["min.insync.replicas"]), factor))
    topic = NewTopic(name, defaults["partitions"], factor, topic_configs=config)
    try:
        await admin.create_topics([topic])
    except TopicAlreadyExistsError:
        return "there"
    return "created"


@commands.command("apply")
@command
async def apply(as_json: Annotated[bool, JSON] = False) -> None:
    """Create the declared topics that are missing."""
    done = await apply_topics(settings_of("portal").kafka)
    if as_json:
        print_json({"ok": True, "topics": done})
    else:
        for name, outcome in done.items():
            console.print(f"{name}: {outcome}")
