"""What happens to which message: scenarios, magic recipients, else nothing special. Asked by judging.

A scenario has a seed. Every message has random numbers of its own, made of the seed and its place in the
order of arrival: the same messages in the same order meet the same fate, whatever the time between them.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from sms_desktop.gateway.sandbox_control import MOST_OCTETS, AccountChanges
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text, Unicode
from sms_desktop.servers.sandbox.conduct import ORDINARY, Conduct
from sms_desktop.servers.sandbox.magic import CONDUCTS
from sms_desktop.servers.sandbox.verdicts import Submission

_MOST_COUNTED = 10_000


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages a rule is for: all that is given must hold.

    `every` takes the third, sixth ... of those for which the rest holds, `chance` takes some of them.
    """

    to: Annotated[str, Meta(pattern=r"^[0-9]{1,15}\*?$")] | None = None
    sender: str | None = None
    type: Literal["text", "unicode", "binary", "wappush", "vcard", "vcal"] | None = None
    text: str | None = None
    every: Annotated[int, Meta(ge=1)] | None = None
    chance: Annotated[float, Meta(ge=0, le=1)] | None = None


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to some messages."""

    conduct: Conduct
    when: When = When()


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """A rehearsal: the first rule that is for a message decides, then the magic recipients.

    With `clock` "manual" time stands still, from 2020-01-01 12:00:00 UTC, but for what it is moved by hand.
    """

    seed: int = 0
    name: Annotated[str, Meta(max_length=100)] = "scenario"
    clock: Literal["real", "manual"] = "real"
    speed: Annotated[float, Meta(ge=0.001, le=100_000)] | None = None
    account: AccountChanges | None = None
    rules: Annotated[tuple[Rule, ...], Meta(max_length=1000)] = ()


def read_document(document: object) -> Scenario:
    """A scenario from what a file holds. Raises Mendable naming the place."""
    try:
        return msgspec.convert(document, type=Scenario)
    except msgspec.ValidationError as error:
        raise Mendable(f"The scenario can't be used. {error}", field="scenario") from None


def read_file(path: Path) -> object:
    """What a scenario file holds: TOML, or JSON when its name ends so. Raises Mendable."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise Mendable(f"The file {path} can't be read: {error.strerror}.", field="scenario") from error
    if len(data) > MOST_OCTETS:
        raise Mendable(f"The file {path} is larger than {MOST_OCTETS:,} octets.", field="scenario")
    try:
        if path.suffix.lower() == ".json":
            return msgspec.json.decode(data)
        return tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise Mendable(f"The file {path} can't be read: {error}.", field="scenario") from None


class Script:
    """The scenario that is played, if one is, and how far it has come."""

    def __init__(self, scenario: Scenario | None = None) -> None:
        self.play(scenario)

    def play(self, scenario: Scenario | None) -> None:
        """Begin a scenario from its start, or none."""
        self.scenario = scenario
        self.taken = 0
        self._met: Counter[int] = Counter()
        self._numbers: Counter[str] = Counter()

    def chance(self) -> random.Random:
        """The random numbers of the next message."""
        self.taken += 1
        if self.scenario is None:
            return self.any_chance()
        return random.Random(f"{self.scenario.seed}/{self.taken}")  # noqa: S311 -- to be had again

    def any_chance(self) -> random.Random:
        """Random numbers that are no part of a scenario."""
        return random.SystemRandom()

    def conduct(self, message: Submission, chance: random.Random) -> Conduct:
        """What happens to a message."""
        for index, rule in enumerate(self.scenario.rules if self.scenario else ()):
            if self._applies(index, rule.when, message, chance):
                return self._while_it_lasts(f"{index}", rule.conduct)
        magic = CONDUCTS.get(message.to)
        return ORDINARY if magic is None else self._while_it_lasts(message.to, magic)

    def _applies(self, index: int, when: When, message: Submission, chance: random.Random) -> bool:
        text = message.content.text if isinstance(message.content, Text | Unicode) else ""
        fits = (
            (when.to is None or message.to == when.to or _begins(message.to, when.to))
            and when.sender in (None, message.sender)
            and when.type in (None, str(message.content.kind))
            and (when.text is None or when.text in text)
        )
        if not fits:
            return False
        self._met[index] += 1
        if when.every is not None and self._met[index] % when.every:
            return False
        return when.chance is None or chance.random() < when.chance

    def _while_it_lasts(self, key: str, conduct: Conduct) -> Conduct:
        if conduct.times is None:
            return conduct
        if len(self._numbers) > _MOST_COUNTED:
            self._numbers.clear()
        self._numbers[key] += 1
        # Over and over, so that a number that throttles twice does so for the next message too.
        return ORDINARY if self._numbers[key] % (conduct.times + 1) == 0 else conduct


def new_message_id(chance: random.Random) -> str:
    """A new id of a part: 16 hexadecimal digits."""
    return f"{chance.getrandbits(64):016X}"


def _begins(number: str, pattern: str) -> bool:
    return pattern.endswith("*") and number.startswith(pattern[:-1])
