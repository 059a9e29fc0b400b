"""What a profile is doing, in words.

Published by its worker, shown in the window's status bar and banners.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sms_desktop.messages.ids import ProfileId


class RelayCondition(StrEnum):
    """How it stands with the relay."""

    STARTING = "starting"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NONE = "none"
    """The profile has no relay: receipts and replies can't come in."""
    GAP = "gap"
    """Events are missing."""
    ELSEWHERE = "elsewhere"
    """Another process of this user sends and polls for the profile."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a banner shows: a head, the consequence, and what can be done.

    `action` is what can be done: try now, or go on without what is missing too. `since_us` is when it began,
    UTC in microseconds.
    """

    head: str
    consequence: str
    severity: Literal["error", "warning"]
    action: Literal["try_now", "go_on"] | None
    since_us: int


@dataclass(frozen=True, slots=True)
class ProfileStatus:
    """A profile at one moment.

    `behind` counts events that the relay holds and we have not applied; `queued` the messages that wait;
    `sender_waits_for` says in words what keeps the sender, None if nothing does, and `waits_for_person` that
    a person must mend it; `paused` says that a person stopped the queue.
    """

    profile: ProfileId
    relay: RelayCondition = RelayCondition.STARTING
    relay_detail: str = ""
    behind: int = 0
    last_event_us: int | None = None
    queued: int = 0
    sender_waits_for: str | None = None
    waits_for_person: bool = False
    trouble: Trouble | None = None
    paused: bool = False
