"""The sandbox's numbers as people meet them. Read by the window before the sandbox answers."""

from __future__ import annotations

from dataclasses import dataclass

from sms_desktop.gateway.sandbox import FIRST_RECIPIENTS


@dataclass(frozen=True, slots=True)
class Handset:
    """A number of the sandbox with a name and what it does."""

    number: str
    name: str
    note: str


def handsets() -> tuple[Handset, ...]:
    """The sandbox's numbers, the friendliest first."""
    return tuple(Handset(magic.number, magic.name, magic.note) for magic in FIRST_RECIPIENTS)
