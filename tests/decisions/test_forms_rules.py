"""The language of rules: what it says of full, partial and empty answers, and what it refuses."""

from datetime import date
from typing import Any

import pytest
from forms_at_hand import TODAY, asked, form, option, rule
from hypothesis import given
from hypothesis import strategies as some

from chassis.forms import check_definition
from chassis.forms.expressions import BadRule
from chassis.forms.partial_dates import read_date, read_partial_date, whole_years
from chassis.forms.rules import read_rule
from chassis.forms.vocabulary import vocabulary_of
from services.submission.forms.filled import check_filled

FIELDS = (
    asked("a", "integer"),
    asked("b", "integer"),
    asked("size", "decimal"),
    asked("born", "partial_date"),
    asked("on", "date"),
    asked("until", "date"),
    asked("name", "text"),
    asked("other", "text"),
    asked("poor", "boolean"),
    asked("kind", "choice", options=[option("apply"), option("move")]),
    asked("kinds", "multichoice", options=[option("apply"), option("move")]),
    asked("home", "address"),
)
ROWS = {"min": 0, "max": 5}


def holds(check: str, people: list[Any] | None = None, **answers: Any) -> bool:
    """Tell whether a rule is kept by these answers."""
    found = check_filled(
        form(*FIELDS, rules=(check,), rows=ROWS), {"main": answers, "people": people or []}, TODAY
    )
    assert {error.code for error in found.errors} <= {"rule"}, found.errors
    return not found.errors


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "!="])
@pytest.mark.parametrize("answers", [{}, {"a": 1}, {"b": 1}])
def test_every_comparison_but_equality_is_true_of_an_empty_answer(
    operator: str, answers: dict[str, Any]
):
    assert holds(f"a {operator} b", **answers)


@pytest.mark.parametrize("answers", [{}, {"a": 1}, {"b": 1}])
def test_equality_is_false_of_an_empty_answer(answers: dict[str, Any]):
    assert not holds("a == b", **answers)


@given(some.integers(-9, 9), some.integers(-9, 9))
def test_comparisons_of_full_answers_are_those_of_numbers(a: int, b: int):
    assert holds("a < b", a=a, b=b) == (a < b)
    assert holds("a <= b", a=a, b=b) == (a <= b)
    assert holds("a > b", a=a, b=b) == (a > b)
    assert holds("a >= b", a=a, b=b) == (a >= b)
    assert holds("a == b", a=a, b=b) == (a == b)
    assert holds("a != b", a=a, b=b) == (a != b)
    assert holds("a + b == 3", a=a, b=b) == (a + b == 3)


def test_a_sum_with_an_empty_part_is_empty():
    assert holds("a + b <= 1", a=5)
    assert not holds("a + b == 5", a=5)


def test_decimals_are_exact():
    assert holds("size + 0.2 == 0.3", size="0.1")
    assert not holds("size + 0.2 == 0.3", size="0.100001")


@pytest.mark.parametrize(
    ("check", "answers", "kept"),
    [
        ("filled(name)", {"name": "x"}, True),
        ("filled(name)", {"name": "  "}, False),
        ("filled(a)", {"a": 0}, True),
        ("filled(poor)", {"poor": False}, True),
        ("filled(home)", {"home": {"country": "VN"}}, False),
        ("not filled(name)", {}, True),
        ("any_of(name, other)", {"other": "x"}, True),
        ("any_of(name, other)", {}, False),
        ("all_of(name, other)", {"name": "x"}, False),
        ("all_of(name, other)", {"name": "x", "other": "y"}, True),
        ("implies(filled(name), filled(other))", {}, True),
        ("implies(filled(name), filled(other))", {"name": "x"}, False),
        ("implies(poor, filled(other))", {}, True),
        ("poor", {"poor": True}, True),
        ("poor", {"poor": False}, False),
        ("poor", {}, False),
        ("not poor", {}, True),
        ("poor or a == 1", {"a": 1}, True),
        ("poor and a == 1", {"a": 1}, False),
        ('kind == "apply"', {"kind": "apply"}, True),
        ('contains(kinds, "move")', {"kinds": ["apply", "move"]}, True),
        ('contains(kinds, "move")', {"kinds": ["apply"]}, False),
        ('contains(kinds, "move")', {}, False),
        ('implies(contains(kinds, "move"), filled(other))', {}, True),
    ],
)
def test_yes_and_no(check: str, answers: dict[str, Any], kept: bool):
    assert holds(check, **answers) is kept


@pytest.mark.parametrize(
    ("check", "answers", "kept"),
    [
        ("on <= until", {"on": "2026-01-01", "until": "2026-01-01"}, True),
        ("on < until", {"on": "2026-01-02", "until": "2026-01-01"}, False),
        ('on < "2016-01-01"', {"on": "2015-12-31"}, True),
        ("days(on, until) <= 60", {"on": "2025-12-02", "until": "2026-01-31"}, True),
        ("days(on, until) <= 60", {"on": "2025-12-01", "until": "2026-01-31"}, False),
        ("days(on, until) <= 60", {"on": "2025-12-01"}, True),
        ("year(born) == 1990", {"born": "1990-05"}, True),
        ("year(born) == 1990", {}, False),
        ("earliest(born) <= on", {"born": "1990", "on": "1990-01-01"}, True),
        ("latest(born) <= on", {"born": "1990", "on": "1990-12-30"}, False),
        ("latest(born) == on", {"born": "2024-02", "on": "2024-02-29"}, True),
        ("age(born, on) >= 18", {"born": "2008-03-02", "on": "2026-03-02"}, True),
        ("age(born, on) >= 18", {"born": "2008-03-03", "on": "2026-03-02"}, False),
        ("age(born, on) >= 18", {"born": "2008", "on": "2026-01-01"}, True),
        ("age(born, on) >= 18", {"on": "2026-01-01"}, True),
        ("born <= on", {"born": "1990", "on": "1990-01-01"}, True),
        ("born < on", {"born": "1990", "on": "1990-01-01"}, False),
        ("born == on", {"born": "1990-01-01", "on": "1990-01-01"}, True),
        ("born == on", {"born": "1990", "on": "1990-01-01"}, False),
        ("born != on", {"born": "1990", "on": "1990-01-01"}, True),
    ],
)
def test_dates_whole_and_partial(check: str, answers: dict[str, Any], kept: bool):
    assert holds(check, **answers) is kept


AN = {"full_name": "An", "birth": "1990", "role": "head"}
BINH = {"full_name": "Bình", "birth": "2025-12", "role": "member"}


@pytest.mark.parametrize(
    ("check", "kept"),
    [
        ("count(people) == 2", True),
        ('count_if(people, role, "head") == 1', True),
        ('count_if(people, role, "head") == 0', False),
        ("count(people) <= a", True),
    ],
)
def test_rows_are_counted(check: str, kept: bool):
    assert holds(check, [AN, BINH]) is kept


def test_a_rule_with_a_scope_is_asked_of_every_row_and_sees_the_rest_of_the_form():
    by_row = rule("earliest(birth) < on", scope="people")
    definition = form(asked("on", "date"), rules=(by_row,), rows=ROWS)
    filled = {"main": {"on": "2025-01-01"}, "people": [AN, BINH, AN]}
    errors = check_filled(definition, filled, TODAY).errors
    assert [error.path for error in errors] == ["people.1.birth"]
    assert errors[0].also == ("main.on",)


def test_a_rule_is_not_asked_of_a_row_whose_answer_is_wrong_anyway():
    definition = form(*FIELDS, rules=(rule("filled(birth)", scope="people"),), rows=ROWS)
    filled = {"people": [AN | {"birth": "soon"}, BINH | {"birth": ""}]}
    errors = check_filled(definition, filled, TODAY).errors
    assert [(error.path, error.code) for error in errors] == [
        ("people.0.birth", "partial_date"),
        ("people.1.birth", "rule"),
    ]


@pytest.mark.parametrize(
    "check",
    [
        "",
        "1",
        "a",
        "True",
        "None == a",
        "a.real == 1",
        "().__class__",
        "[a][0] == 1",
        "{a: 1}",
        "(lambda: a)() == 1",
        "a if poor else b",
        "a < b < 3",
        "a is b",
        "a in kinds",
        "a - b == 1",
        "a * b == 1",
        "-a == 1",
        "a == 1; a == 2",
        "a := 1",
        "a = 1",
        "await a",
        "f'{a}' == name",
        "b'x' == name",
        "1j == a",
        "a == 1e999",
        "a == ...",
        "__import__('os').system('x')",
        "open('x')",
        "eval('1')",
        "filled",
        "filled()",
        "filled(a, b)",
        "filled(a=1)",
        "filled(*kinds)",
        "filled(1)",
        "filled(nobody)",
        "nobody == 1",
        "name < other",
        "name == 1",
        "poor == 1",
        "a == poor",
        "home == other",
        "kinds == name",
        "not a",
        "a and b",
        "poor + poor == 2",
        'name + other == "x"',
        'kind == "aply"',
        'contains(kinds, "aply")',
        "contains(name, other)",
        "contains(kinds, 1)",
        'on < "soon"',
        "on < 5",
        "age(name, on) > 1",
        "days(born, on) > 1",
        "year(a) == 1",
        "count(main) > 0",
        "count(nothing) > 0",
        "count(1) > 0",
        'count_if(people, nobody, "x") == 1',
        'count_if(people, role, "boss") == 1',
        "count_if(people, role, 1) == 1",
        "count_if(people, 1, 1) == 1",
        "role == role",
        "implies(a, b)",
        "(" * 300,
        "not " * 240 + "poor",
        "poor or " * 200 + "poor",
        "9" * 999,
        "a == -1",
        "a == '\ud800",
        "a\x00",
        "#",
    ],
)
def test_what_is_not_in_the_language_is_refused_with_a_reason(check: str):
    with pytest.raises(BadRule) as refusal:
        read_rule(check, vocabulary_of(form(*FIELDS, rows=ROWS)))
    assert refusal.value.vi
    assert refusal.value.en


@given(some.text(alphabet="abpor ()<>=!+.,\"'10_[]{}:-*@", max_size=40) | some.text(max_size=40))
def test_any_text_is_a_rule_or_is_refused(check: str):
    try:
        read_rule(check, vocabulary_of(form(*FIELDS, rows=ROWS)))
    except BadRule:
        return
    assert isinstance(holds(check), bool)


def test_a_bad_rule_is_a_fault_of_its_definition():
    definition = form(*FIELDS, rules=("a < b", "a <", rule("a < b", scope="main")), rows=ROWS)
    assert [fault.where for fault in check_definition(definition)] == ["rules.1", "rules.2"]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_partial_date_is_the_days_it_may_have_been(text: str, earliest: date, latest: date):
    read = read_partial_date(text)
    assert read is not None
    assert (read.earliest, read.latest) == (earliest, latest)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-", "2024-2", "2024-13", "2023-02-29", "1799", "２０２４", "2024-01-01T00"],
)
def test_what_is_no_partial_date_is_not_read(text: str):
    assert read_partial_date(text) is None


@given(some.dates(date(1800, 1, 1)))
def test_a_written_date_reads_back(day: date):
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day:%Y-%m}") is None


def test_who_was_born_on_29_february_has_their_birthday_on_1_march():
    assert whole_years(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert whole_years(date(2008, 2, 29), date(2026, 3, 1)) == 18
