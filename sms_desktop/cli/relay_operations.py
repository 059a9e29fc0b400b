"""`smsctl relay status`, `backup`, `prune` and `epoch rotate`: what an administrator does with a log."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sms_desktop.cli.output import print_json, print_text
from sms_desktop.cli.relay_log import log_option, opened_log, time_text
from sms_desktop.messages.errors import Mendable

if TYPE_CHECKING:
    from sms_desktop.servers.relay.log import EventLog


@click.command()
@log_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def status(place: str | None, as_json: bool) -> None:
    """Streams, how much they hold, and how far their readers are."""
    with opened_log(place) as log:
        reports = log.reports(sorted(log.streams().values()))
        free = log.free_octets()
    document = [
        {
            "stream": report.state.name,
            "epoch": report.state.epoch,
            "head": report.state.head,
            "oldest": report.state.oldest,
            "events": report.state.head - report.state.oldest + 1,
            "bytes": report.octets,
            "reachability_checks": report.reachability_checks,
            "consumers": [
                {
                    "name": consumer.name,
                    "acked": consumer.acked,
                    "lag": max(report.state.head - consumer.acked, 0),
                    "last_seen": time_text(consumer.last_seen_us),
                }
                for consumer in report.consumers
            ],
        }
        for report in reports
    ]
    if as_json:
        print_json({"streams": document, "free_bytes": free})
        return
    for report in reports:
        state = report.state
        print_text(
            f"{state.name}  epoch {state.epoch}  events {state.oldest} to {state.head}  {report.octets} bytes"
        )
        for consumer in report.consumers:
            behind = max(state.head - consumer.acked, 0)
            print_text(f"  {consumer.name}  {behind} behind  last seen {time_text(consumer.last_seen_us)}")


@click.command()
@log_option
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def backup(place: str | None, target: Path, as_json: bool) -> None:
    """Copy a SQLite log into a new file, while a relay serves it.

    A copy that is served later begins another life of every stream, so that consoles notice.
    """
    with opened_log(place) as log:
        log.backup(target)
    if as_json:
        print_json({"target": str(target), "bytes": target.stat().st_size})


@click.command()
@log_option
@click.option("--keep-days", type=click.FloatRange(0), default=14, show_default=True, help="See serve.")
@click.option("--keep-days-at-most", type=click.FloatRange(0), default=30, show_default=True)
@click.option("--keep-mib-at-most", type=click.IntRange(0), default=5 * 1024, show_default=True)
@click.option("--keep-events-at-most", type=click.IntRange(0), default=10_000_000, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def prune(
    place: str | None,
    keep_days: float,
    keep_days_at_most: float,
    keep_mib_at_most: int,
    keep_events_at_most: int,
    as_json: bool,
) -> None:
    """Delete now what a relay would delete in time."""
    from sms_desktop.servers.relay.retention import purge_all, retention

    rule = retention(
        days=keep_days,
        greatest_days=keep_days_at_most,
        most_mib=keep_mib_at_most,
        most_events=keep_events_at_most,
    )
    with opened_log(place) as log:
        gone = purge_all(log, rule, time.time_ns() // 1000)
    if as_json:
        print_json({"deleted": gone})
        return
    for name, count in gone.items():
        print_text(f"{name}  {count} events deleted")


@click.command()
@click.argument("number", metavar="NUMBER")
@log_option
@click.option("--stream", metavar="NAME", help="One stream; without it, all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def erase(number: str, place: str | None, stream: str | None, as_json: bool) -> None:
    """Empty every event from or to a number. Events keep their places, so that no console misses one."""
    from sms_desktop.servers.relay.erasure import erasable_number

    digits = erasable_number(number)
    with opened_log(place) as log:
        gone = {name: log.erase(stream_id, digits) for name, stream_id in _chosen(log, stream)}
    if as_json:
        print_json({"erased": gone})
        return
    for name, count in gone.items():
        print_text(f"{name}  {count} events erased")


@click.group()
def epoch() -> None:
    """The lives of a log: after a restored copy, the numbers of before mean something else."""


@epoch.command()
@log_option
@click.option("--stream", metavar="NAME", help="One stream; without it, all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def rotate(place: str | None, stream: str | None, as_json: bool) -> None:
    """Begin another life of streams: every console is told, and reads again from the oldest event."""
    with opened_log(place) as log:
        epochs = {name: log.rotate_epoch(stream_id) for name, stream_id in _chosen(log, stream)}
    if as_json:
        print_json({"epochs": epochs})
        return
    for name, made in epochs.items():
        print_text(f"{name}  {made}")


def _chosen(log: EventLog, stream: str | None) -> list[tuple[str, int]]:
    streams = log.streams()
    if stream is None:
        return sorted(streams.items())
    if stream not in streams:
        raise Mendable("stream: there is no stream of this name.", field="stream")
    return [(stream, streams[stream])]
