"""When an event's age lets it go. Called by the logs when they purge."""

from __future__ import annotations

from sms_desktop.servers.relay.log import Retention

_DAY_US = 24 * 3600 * 1_000_000


def is_over_age(received_us: int, retention: Retention, now_us: int, *, is_read: bool) -> bool:
    """Whether an event's age lets it go. One from the future has no age: it goes when it was read."""
    age = now_us - received_us
    if age > retention.greatest_age_us:
        return True
    return is_read and (age > retention.age_us or age < -_DAY_US)
