"""What the `smsctl relay` commands share: the log that they work on, and how they show times."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import click

from sms_desktop.messages.errors import Mendable

if TYPE_CHECKING:
    from sms_desktop.servers.relay.log import EventLog

_Command = TypeVar("_Command", bound=Callable[..., object])
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def log_option(command: _Command) -> _Command:
    """The option `--log`."""
    return click.option(
        "--log",
        "place",
        metavar="sqlite:PATH|postgresql://...",
        help="The relay's log; without it SMSCTL_RELAY_LOG or SMSCTL_RELAY_DSN.",
    )(command)


@contextmanager
def opened_log(place: str | None, *, create: bool = False) -> Iterator[EventLog]:
    """The log that was named, beside a relay that may serve it. Raises Mendable, StoreFailing.

    Without `create` a file must be there: who mistypes the name of a log would look after a new one.
    """
    from sms_desktop.servers.relay.configuration import place_of
    from sms_desktop.servers.relay.place import is_there, open_event_log

    named = place_of(place or os.environ.get("SMSCTL_RELAY_LOG", ""))
    if not create and not is_there(named):
        raise Mendable("log: there is no such file.", field="log", hint="tokens create makes a new log.")
    log = open_event_log(named, serving=False)
    try:
        yield log
    finally:
        log.close()


def time_text(us: int | None) -> str | None:
    """RFC 3339 in UTC, None for never."""
    return None if us is None else (_EPOCH_START + timedelta(microseconds=us)).isoformat()
