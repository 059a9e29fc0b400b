"""Which messages: the options that `messages search` and `export` share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from sms_desktop.messages.ids import ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.store.search import Query

_Function = TypeVar("_Function", bound=Callable[..., Any])
_MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
_OPTIONS = (
    click.option("--profile", "profile_name", metavar="NAME", help="Of this profile only."),
    click.option(
        "--state", "states", multiple=True, type=click.Choice([s.value for s in State]), help="In this state."
    ),
    click.option(
        "--kind", "kinds", multiple=True, type=click.Choice([k.value for k in Kind]), help="Of this kind."
    ),
    click.option("--received/--sent", "inbound", default=None, help="One direction only."),
    click.option("--since", type=_MOMENT, help="From this day on (UTC)."),
    click.option("--until", type=_MOMENT, help="Before this day (UTC)."),
)


def filter_options(function: _Function) -> _Function:
    """`--profile`, `--state`, `--kind`, `--received`, `--since`, `--until`, for `query`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def query(
    text: str,
    *,
    profile_name: str | None,
    states: tuple[str, ...],
    kinds: tuple[str, ...],
    inbound: bool | None,
    since: datetime | None,
    until: datetime | None,
    party: str | None = None,
) -> Query:
    """What the options ask for."""
    return Query(
        text,
        None if profile_name is None else ProfileId(profile_name),
        tuple(State(state) for state in states),
        tuple(Kind(kind) for kind in kinds),
        inbound,
        _microseconds(since),
        _microseconds(until),
        party,
    )


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.replace(tzinfo=UTC).timestamp() * 1e6)
