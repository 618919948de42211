"""The mails that were caught, on disk: the latest few thousand. SQLite."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEPT = 5000
"""Mails that are kept; older ones make room."""

_SCHEMA = """
create table if not exists mails (
  number integer primary key autoincrement, recipient text not null, subject text not null,
  text text not null, message_id text not null, at text not null
);
create index if not exists mails_by_recipient on mails (recipient, number);
"""


@dataclass(frozen=True)
class Mail:
    """A mail as one recipient got it."""

    to: str
    subject: str
    text: str
    message_id: str
    at: str
    number: int = 0


class Mailbox:
    """Reads and writes the mails; each is on disk before its sender hears "250"."""

    def __init__(self, path: Path) -> None:
        """Open the mailbox, new or as it was left."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript("pragma journal_mode = wal;" + _SCHEMA)

    def close(self) -> None:
        """Close the mailbox."""
        self._db.close()

    def keep(self, mails: Sequence[Mail]) -> None:
        """Keep what came in one delivery; the oldest make room."""
        self._db.execute("begin immediate")
        self._db.executemany(
            "insert into mails (recipient, subject, text, message_id, at) values (?, ?, ?, ?, ?)",
            [(mail.to, mail.subject, mail.text, mail.message_id, mail.at) for mail in mails],
        )
        self._db.execute(
            "delete from mails where number <= (select max(number) from mails) - ?", [KEPT]
        )
        self._db.execute("commit")

    def after(self, number: int, to: str, limit: int) -> list[Mail]:
        """Give the mails that came after a number, the newest last; `to` "" means everybody's."""
        rows = self._db.execute(
            "select recipient, subject, text, message_id, at, number from mails "
            "where number > ? and (? = '' or recipient = ?) order by number limit ?",
            [number, to, to, limit],
        )
        return [Mail(*row) for row in rows]

    def latest(self, limit: int) -> list[Mail]:
        """Give the latest mails, the newest first."""
        rows = self._db.execute(
            "select recipient, subject, text, message_id, at, number from mails "
            "order by number desc limit ?",
            [limit],
        )
        return [Mail(*row) for row in rows]
