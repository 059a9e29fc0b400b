"""What the relay counts, as Prometheus reads it. Counted by ingest, app and writer; served by metrics_server.

Text exposition format 0.0.4. No label holds a token, number, text or address.
"""

from __future__ import annotations

import bisect
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from sms_desktop.servers.relay.log import EventLog, StoreFailing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Histogram:
    """Durations in seconds, counted in classes. Belongs to one thread; may be read from others."""

    def __init__(self) -> None:
        self.classes = [0] * (len(_BOUNDS) + 1)
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration."""
        self.classes[bisect.bisect_left(_BOUNDS, seconds)] += 1
        self.total += seconds

    def lines(self, name: str) -> Iterable[str]:
        """As Prometheus reads it."""
        yield f"# TYPE {name} histogram"
        count = 0
        for bound, found in zip((*_BOUNDS, "+Inf"), self.classes, strict=True):
            count += found
            yield f'{name}_bucket{{le="{bound}"}} {count}'
        yield f"{name}_sum {self.total:.6f}"
        yield f"{name}_count {count}"


class Metrics:
    """Counters since the start. Counted on the event loop, commits by the writer's thread."""

    def __init__(self) -> None:
        self.webhooks: Counter[int] = Counter()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.kinds: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.duplicates = 0
        self.queued = 0
        self.waiting = 0
        self.failed_commits = 0
        self.purged = 0
        self.ingest_seconds = Histogram()
        self.commit_seconds = Histogram()
        self._started = time.time()

    def text(self, log: EventLog) -> str:
        """All of it, with the streams of the log where they can be read. Blocks."""
        return "\n".join([*self._counters(), *_streams(log)]) + "\n"

    def _counters(self) -> Iterable[str]:
        yield from _counter("relay_webhooks_total", "status", self.webhooks)
        yield "# TYPE relay_reads_total counter"
        for (door, status), count in sorted(self.answers.items()):
            yield f'relay_reads_total{{door="{door}",status="{status}"}} {count}'
        yield from _counter("relay_events_total", "kind", self.kinds)
        yield from _counter("relay_signatures_total", "verdict", self.verdicts)
        for name, kind, value in (
            ("relay_duplicates_total", "counter", self.duplicates),
            ("relay_failed_commits_total", "counter", self.failed_commits),
            ("relay_purged_events_total", "counter", self.purged),
            ("relay_queued_webhooks", "gauge", self.queued),
            ("relay_waiting_readers", "gauge", self.waiting),
        ):
            yield f"# TYPE {name} {kind}"
            yield f"{name} {value}"
        yield "# TYPE relay_start_time_seconds gauge"
        yield f"relay_start_time_seconds {self._started:.3f}"
        yield from self.ingest_seconds.lines("relay_ingest_seconds")
        yield from self.commit_seconds.lines("relay_commit_seconds")


def _counter(name: str, label: str, values: Mapping[str, int] | Mapping[int, int]) -> Iterable[str]:
    yield f"# TYPE {name} counter"
    for value, count in sorted((str(value), count) for value, count in values.items()):
        yield f'{name}{{{label}="{value}"}} {count}'


def _streams(log: EventLog) -> Iterable[str]:
    try:
        reports = log.reports(sorted(log.streams().values()))
        free = log.free_octets()
    except StoreFailing:
        return ["# TYPE relay_log_readable gauge", "relay_log_readable 0"]
    lines = ["# TYPE relay_log_readable gauge", "relay_log_readable 1"]
    if free is not None:
        lines += ["# TYPE relay_free_bytes gauge", f"relay_free_bytes {free}"]
    # A stream's and a consumer's name hold nothing that would need to be escaped.
    for name, values in (
        ("relay_stream_head", [(report.state.name, report.state.head) for report in reports]),
        ("relay_stream_oldest", [(report.state.name, report.state.oldest) for report in reports]),
        ("relay_stream_bytes", [(report.state.name, report.octets) for report in reports]),
    ):
        lines.append(f"# TYPE {name} gauge")
        lines += [f'{name}{{stream="{stream}"}} {value}' for stream, value in values]
    lines.append("# TYPE relay_consumer_lag gauge")
    lines += [
        f'relay_consumer_lag{{stream="{report.state.name}",consumer="{consumer.name}"}} '
        f"{report.state.head - consumer.acked}"
        for report in reports
        for consumer in report.consumers
    ]
    return lines
