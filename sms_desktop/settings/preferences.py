"""What a person prefers, for all accounts on this computer. Read by app, changed in the window.

Kept as a small file of JSON. What can't be read counts as not said, so that a damaged file stops nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sms_desktop.messages.errors import Mendable
from sms_desktop.settings.paths import write_private

if TYPE_CHECKING:
    from decimal import Decimal

LONGEST_UNDO_SECONDS = 30
MOST_PARTS = 255
_LARGEST = 64_000  # octets


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the window asks and waits for.

    `confirm_parts`: a message of more parts is asked about before it goes, 0: never. `confirm_price`: the
    same for an estimate above this amount in the account's currency, as Decimal text; "" never.
    `undo_seconds` and `sandbox_undo_seconds`: for so long a message is held back after Send, on live accounts
    and in the Sandbox. `enter_sends`: Enter sends and Shift+Enter ends a line.
    """

    confirm_parts: int = 6
    confirm_price: str = "1.00"
    undo_seconds: int = 5
    sandbox_undo_seconds: int = 0
    enter_sends: bool = False

    def check(self) -> None:
        """Raise Mendable, with the field, for the first value out of range."""
        if not 0 <= self.confirm_parts <= MOST_PARTS:
            raise Mendable(
                f"confirm_parts: it is 0 to {MOST_PARTS} parts; 0 never asks.", field="confirm_parts"
            )
        if self.confirm_price and (price := amount(self.confirm_price)) is not None and price < 0:
            raise Mendable("confirm_price: an amount is 0 or more.", field="confirm_price")
        if self.confirm_price and amount(self.confirm_price) is None:
            raise Mendable("confirm_price: write an amount as 1.50, or nothing.", field="confirm_price")
        for name in ("undo_seconds", "sandbox_undo_seconds"):
            if not 0 <= getattr(self, name) <= LONGEST_UNDO_SECONDS:
                raise Mendable(
                    f"{name}: it is 0 to {LONGEST_UNDO_SECONDS} seconds; with 0 nothing waits.", field=name
                )


def amount(text: str) -> Decimal | None:
    """An amount of money, or None for what is none."""
    from decimal import Decimal, InvalidOperation  # not before the first paint

    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def load(file: Path) -> Preferences:
    """The preferences in a file. What is missing, damaged or out of range is as it is without a file."""
    import json

    try:
        with file.open("rb") as opened:
            found = json.loads(opened.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    usual = Preferences()
    values = {
        field.name: found[field.name]
        for field in fields(Preferences)
        if type(found.get(field.name)) is type(getattr(usual, field.name))
    }
    kept = dict[str, object]()
    for name, value in values.items():
        try:
            Preferences(**{name: value}).check()
        except Mendable:
            continue
        kept[name] = value
    return Preferences(**kept)  # type: ignore[arg-type]  # each has the type of its usual value


def save(file: Path, preferences: Preferences) -> None:
    """Write the preferences, whole or not at all. Raises Mendable."""
    import json
    from dataclasses import asdict

    preferences.check()
    try:
        write_private(file, f"{json.dumps(asdict(preferences), indent=2)}\n".encode())
    except OSError as error:
        raise Mendable(f"The preferences in {file} can't be written: {error.strerror}.") from error
