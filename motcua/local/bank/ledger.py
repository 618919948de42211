"""The bank's books: what was ordered, paid, given back, and whom it still has to call. SQLite."""

import sqlite3
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from .knobs import Knobs

State = Literal["open", "paid", "cancelled", "failed", "expired", "refunded"]

_SCHEMA = """
create table if not exists entries (
  number integer primary key autoincrement, reference text not null, method text not null,
  amount integer not null, text text not null, return_url text not null, created_at text not null,
  expires_at text not null, state text not null, code text not null, paid_at text not null
);
create unique index if not exists orders on entries (reference) where method = 'vnpay';
create table if not exists calls (
  id integer primary key autoincrement, kind text not null, number integer not null,
  amount integer not null, forged integer not null, due real not null, tries integer not null,
  left integer not null, answer text not null
);
create table if not exists knobs (scope text primary key, settings text not null);
"""
_FIRST_NUMBER = 14_000_000


@dataclass(frozen=True)
class Entry:
    """One order or transfer in the bank's books; times are ISO texts, "" for not yet."""

    number: int
    reference: str
    method: Literal["vnpay", "vietqr"]
    amount: int
    text: str
    return_url: str
    created_at: str
    expires_at: str
    state: State
    code: str
    paid_at: str

    @property
    def bank_reference(self) -> str:
        """The bank's own number of it."""
        return str(_FIRST_NUMBER + self.number)


@dataclass(frozen=True)
class Call:
    """A call the bank owes its customer, or has made."""

    id: int
    kind: Literal["ipn", "note"]
    number: int
    amount: int
    forged: bool
    due: float
    tries: int
    left: int
    answer: str


class Ledger:
    """Reads and writes the books; every write is on disk before it returns."""

    def __init__(self, path: Path) -> None:
        """Open the books, new or as they were left."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("pragma journal_mode = wal;" + _SCHEMA)

    def close(self) -> None:
        """Close the books."""
        self._db.close()

    def add(self, entry: Entry) -> Entry:
        """Enter an order or a transfer; its number is given here."""
        values = {name: value for name, value in asdict(entry).items() if name != "number"}
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        cursor = self._db.execute(f"insert into entries ({names}) values ({marks})", values)
        return self.entry(cursor.lastrowid or 0)

    def entry(self, number: int) -> Entry:
        """Give an entry by its number."""
        row = self._db.execute("select * from entries where number = ?", [number]).fetchone()
        return _entry(row)

    def order(self, reference: str) -> Entry | None:
        """Find an order by its customer's reference."""
        row = self._db.execute(
            "select * from entries where reference = ? and method = 'vnpay'", [reference]
        ).fetchone()
        return _entry(row) if row else None

    def entries(self, limit: int = 100_000) -> list[Entry]:
        """List entries, the newest first."""
        rows = self._db.execute("select * from entries order by number desc limit ?", [limit])
        return [_entry(row) for row in rows]

    def decide(self, number: int, state: State, code: str, paid_at: str) -> bool:
        """Close an open order; False if it was closed before."""
        cursor = self._db.execute(
            "update entries set state = ?, code = ?, paid_at = ? "
            "where number = ? and state = 'open'",
            [state, code, paid_at, number],
        )
        return cursor.rowcount == 1

    def give_back(self, number: int) -> bool:
        """Mark paid money as given back; False if there is none."""
        cursor = self._db.execute(
            "update entries set state = 'refunded' where number = ? and state = 'paid'", [number]
        )
        return cursor.rowcount == 1

    def owe_call(self, call: Call) -> None:
        """Remember that the customer has to be called."""
        self._db.execute(
            "insert into calls (kind, number, amount, forged, due, tries, left, answer) "
            "values (:kind, :number, :amount, :forged, :due, :tries, :left, :answer)",
            asdict(call),
        )

    def due_calls(self, now: float) -> list[Call]:
        """Give the calls to be made now."""
        return self._calls("where left > 0 and due <= ?", now)

    def calls(self) -> list[Call]:
        """Give all calls, made or owed."""
        return self._calls("")

    def _calls(self, where: str, *values: object) -> list[Call]:
        rows = self._db.execute(f"select * from calls {where} order by id", values)
        return [_call(row) for row in rows]

    def answered(self, call: Call, answer: str, *, again_at: float | None) -> None:
        """Note what the customer said, and when to call again if it has to be."""
        left = call.left - 1 if again_at else 0
        self._db.execute(
            "update calls set tries = tries + 1, left = ?, due = ?, answer = ? where id = ?",
            [left, again_at or call.due, answer, call.id],
        )

    def turn(self, scope: str, knobs: Knobs) -> None:
        """Turn the knobs for a scope."""
        self._db.execute(
            "insert into knobs values (?, ?) "
            "on conflict do update set settings = excluded.settings",
            [scope, knobs.model_dump_json()],
        )

    def forget_knobs(self, scope: str | None = None) -> None:
        """Behave again, for one scope or for all."""
        where = "" if scope is None else " where scope = :scope"
        self._db.execute(f"delete from knobs{where}", {"scope": scope})

    def knobs(self) -> dict[str, Knobs]:
        """Give all turned knobs by scope."""
        rows = self._db.execute("select * from knobs order by scope")
        return {row["scope"]: Knobs.model_validate_json(row["settings"]) for row in rows}


def _call(row: Any) -> Call:
    values: dict[str, Any] = {f.name: row[f.name] for f in fields(Call)}
    values["forged"] = bool(values["forged"])
    return Call(**values)


def _entry(row: Any) -> Entry:
    return Entry(**{f.name: row[f.name] for f in fields(Entry)})
