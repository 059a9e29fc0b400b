"""The sandbox beyond the API: numbers that behave. Read by services, cli and the sandbox server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    """What the sandbox does with a message to a magic recipient."""

    ECHO = "echo"
    SWITCHED_OFF = "switched_off"
    SLOW = "slow"
    LOSES_ANSWER = "loses_answer"
    BARRED = "barred"


@dataclass(frozen=True, slots=True)
class MagicRecipient:
    """A number of the sandbox that always behaves in one way; `name` and `note` are what people are shown."""

    number: str
    name: str
    note: str
    behaviour: Behaviour


MAGIC_RECIPIENTS = (
    MagicRecipient("31600000001", "Echo handset", "answers every message", Behaviour.ECHO),
    MagicRecipient(
        "31600000002", "Handset that is switched off", "messages fail with error 2", Behaviour.SWITCHED_OFF
    ),
    MagicRecipient("31600000003", "Slow handset", "delivers after 30 seconds", Behaviour.SLOW),
    MagicRecipient(
        "31600000004",
        "Gateway that loses answers",
        "takes the message, then breaks the connection; a receipt settles it",
        Behaviour.LOSES_ANSWER,
    ),
    MagicRecipient("31600000005", "Barred number", "refused with status 7", Behaviour.BARRED),
)
"""Every other number is a handset that receives, and answers only a text that begins with `echo `."""
