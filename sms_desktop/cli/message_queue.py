"""`smsctl messages queue`, `pause`, `resume`, `sync`: what waits to be sent, and letting it go."""

from __future__ import annotations

import time

import click

from sms_desktop.background.status import ProfileStatus, RelayCondition
from sms_desktop.cli.console import opened_store, profile_named, working
from sms_desktop.cli.message_documents import message_document, message_line, moment
from sms_desktop.cli.message_options import MOST, json_option, profile_option
from sms_desktop.cli.output import print_json, print_text, say
from sms_desktop.cli.words import plural
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.outbox import Outbox

_LONGEST_SECONDS = 75.0
_HEARD = frozenset({RelayCondition.CONNECTED, RelayCondition.GAP, RelayCondition.NONE})


@click.command()
@profile_option
@json_option
def queue(profile_name: str, as_json: bool) -> None:
    """Show what waits to be sent, and whether the queue is paused."""
    with opened_store() as (store, _):
        outbox = Outbox(store)
        profile = ProfileId(profile_name)
        rows, paused = outbox.waiting(profile, limit=MOST), outbox.paused(profile)
    if as_json:
        print_json(
            {"profile": profile_name, "paused": paused, "messages": [message_document(row) for row in rows]}
        )
        return
    print_text(f"{plural(len(rows), 'message')} waiting{', the queue is paused' if paused else ''}.")
    for row in rows:
        print_text(message_line(row))


@click.command()
@profile_option
@json_option
def pause(profile_name: str, as_json: bool) -> None:
    """Stop a profile's queue; what is on its way goes on."""
    _set_paused(profile_name, paused=True, as_json=as_json)


@click.command()
@profile_option
@json_option
def resume(profile_name: str, as_json: bool) -> None:
    """Let a profile's queue go on. It is sent by the window, or by `smsctl messages sync`."""
    _set_paused(profile_name, paused=False, as_json=as_json)


def _set_paused(profile_name: str, *, paused: bool, as_json: bool) -> None:
    with opened_store() as (store, where):
        profile = profile_named(profile_name, where)
        outbox = Outbox(store)
        if paused:
            outbox.pause(profile.id)
        else:
            outbox.resume(profile.id)
        waiting = outbox.queued(profile.id)
    if as_json:
        print_json({"profile": profile.id, "paused": paused, "queued": waiting})
    else:
        print_text(f"The queue of {profile.id} is {'paused' if paused else 'running'}, {waiting} waiting.")


@click.command()
@profile_option
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    metavar="SECONDS",
    help="Go on for so long; without it until nothing waits and nothing is behind.",
)
@json_option
def sync(profile_name: str, wait: float | None, as_json: bool) -> int:
    """Send what waits, and take in the receipts and replies that the relay has.

    Exit status 1 if something still waits, or the relay was not heard.
    """
    with opened_store() as (store, where):
        profile = profile_named(profile_name, where)
        with working(profile, store, where) as watch:
            if wait is None:
                watch.until(lambda: _is_quiet(watch.status), _LONGEST_SECONDS, time.monotonic)
            else:
                watch.until(lambda: _is_elsewhere(watch.status), wait, time.monotonic)
            status = watch.status or ProfileStatus(profile.id)
    done = _is_quiet(status)
    if status.sender_waits_for is not None:
        say(f"smsctl: {status.sender_waits_for}")
    if as_json:
        print_json(
            {
                "profile": profile.id,
                "relay": status.relay,
                "detail": status.relay_detail or None,
                "behind": status.behind,
                "queued": status.queued,
                "paused": status.paused,
                "last_event": moment(status.last_event_us),
            }
        )
    elif _is_elsewhere(status):
        print_text("Another program of yours is at it.")
    else:
        relay = f"Relay: {status.relay}. {status.relay_detail}".rstrip()
        paused = ", the queue is paused" if status.paused else ""
        print_text(f"{relay} {plural(status.queued, 'message')} waiting{paused}, {status.behind} behind.")
    return 0 if done else 1


def _is_elsewhere(status: ProfileStatus | None) -> bool:
    return status is not None and status.relay is RelayCondition.ELSEWHERE


def _is_quiet(status: ProfileStatus | None) -> bool:
    """Whether there is nothing left to do here."""
    if status is None or _is_elsewhere(status):
        return status is not None
    return status.relay in _HEARD and not status.behind and (not status.queued or status.paused)
