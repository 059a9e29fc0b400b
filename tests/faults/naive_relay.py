"""A relay on PostgreSQL that numbers as one would at first: by a sequence. Started by crowd, where it loses.

A sequence gives a number before it is known who commits first. Everything else is the relay itself.
"""

from __future__ import annotations

from typing import Any

import psycopg

from sms_desktop.cli import main
from sms_desktop.servers.relay import postgresql_writing
from sms_desktop.servers.relay.log import Arrival

_Key = tuple[int, bytes]


def _number(db: psycopg.Connection[tuple[Any, ...]], fresh: dict[_Key, Arrival]) -> dict[_Key, int]:
    numbers = {}
    for identity in fresh:
        row = db.execute("SELECT nextval('naive')").fetchone()
        assert row is not None
        numbers[identity] = row[0]
        db.execute(
            "UPDATE sms_relay.stream SET head = greatest(head, %s) WHERE id = %s", (row[0], identity[0])
        )
    return numbers


if __name__ == "__main__":
    postgresql_writing._number = _number
    main()
