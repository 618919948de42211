"""The import rules hold, and each of them is seen to catch what it forbids."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
STRAY = "services/submission/utils.py"

PLANTED = {
    "Deployables stand on the chassis, the chassis on the contracts": [
        ("contracts/values.py", "chassis.decider"),
        ("chassis/decider.py", "services.payment.amount_in_words"),
        ("services/payment/amount_in_words.py", "motcua.reporting"),
    ],
    "Services know each other only through contracts": [
        ("services/submission/queries.py", "services.payment.queries"),
        ("services/portal/main.py", "services.accounts.queries"),
    ],
    "Inside accounts: assembly, doors, stores, domain": [
        ("services/accounts/person.py", "services.accounts.queries"),
        ("services/accounts/staff_api.py", "services.accounts.profile_api"),
    ],
    "Inside catalogue: assembly, doors, stores, domain": [
        ("services/catalogue/queries.py", "services.catalogue.api"),
    ],
    "Inside submission: assembly, doors, use cases, stores, domain": [
        ("services/submission/reactions.py", "services.submission.api"),
        ("services/submission/dossier/intake.py", "services.submission.queries"),
        ("services/submission/file_store.py", "services.submission.drafting"),
    ],
    "Inside payment: assembly, doors, use cases, stores and gateway, domain": [
        ("services/payment/payment/paying.py", "services.payment.gateway"),
    ],
    "Inside notification: assembly, doors and channels, stores, domain": [
        ("services/notification/channels.py", "services.notification.reactions"),
    ],
    "Inside the portal: assembly, pages": [
        ("services/portal/start_page.py", "services.portal.main"),
    ],
    "The domain is plain Python: no frameworks, no I/O": [
        ("services/submission/dossier/evolve.py", "asyncpg"),
        ("services/submission/deadlines.py", "time"),
        ("services/payment/payment/owing.py", "chassis.event_store"),
        ("services/accounts/person.py", "fastapi"),
    ],
    "Contracts depend on pydantic alone": [("contracts/payment.py", "fastapi")],
    "The portal has neither database nor bus": [("services/portal/start_page.py", "asyncpg")],
}
"""For each rule, files and what they are made to import against it."""


def lint(folder: Path) -> str:
    """Check the import rules of a house; what was said of them."""
    program = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [str(program), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return said.stdout + said.stderr


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy in which every rule is broken."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("chassis", "contracts", "motcua", "services"):
        pattern = shutil.ignore_patterns("__pycache__", "*.json")
        shutil.copytree(HOUSE / package, copy / package, ignore=pattern)
    shutil.copy(HOUSE / ".importlinter", copy)
    for file, imported in (pair for pairs in PLANTED.values() for pair in pairs):
        with (copy / file).open("a") as text:
            text.write(f"\nimport {imported}\n")
    (copy / STRAY).write_text('"""A module that no rule knows."""\n')
    return lint(copy)


def test_the_house_keeps_its_import_rules() -> None:
    found = lint(HOUSE)
    assert "0 broken" in found, found


def test_every_rule_has_a_violation_planted_against_it(said: str) -> None:
    rules = {
        line.removeprefix("name = ")
        for line in (HOUSE / ".importlinter").read_text().splitlines()
        if line.startswith("name = ")
    }
    assert rules == PLANTED.keys()
    assert "0 kept" in said, said


def section(said: str, rule: str) -> str:
    """Give what was said of one broken rule."""
    headings = "|".join(re.escape(name) for name in PLANTED)
    parts = re.split(rf"^({headings})\n-+\n", said.split("Broken contracts", 1)[1], flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[rule]


@pytest.mark.parametrize(
    ("rule", "file", "imported"),
    [(rule, *pair) for rule, pairs in PLANTED.items() for pair in pairs],
)
def test_what_a_rule_forbids_is_caught(said: str, rule: str, file: str, imported: str) -> None:
    importer = file.removesuffix(".py").replace("/", ".")
    assert f"- {importer} -> {imported} (" in " ".join(section(said, rule).split())


def test_a_module_that_no_rule_knows_is_caught(said: str) -> None:
    assert "utils" in said.split("Broken contracts", 1)[1], said
