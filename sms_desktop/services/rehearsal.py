"""Rehearsing with the sandbox that runs: act as the phone and the carrier, move its day, watch.

Called by app, cli and the window's simulator panel. Nothing here may be called on the window's thread: it
asks the sandbox over the socket in the profile's folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sms_desktop.messages.errors import Mendable, TryLater

if TYPE_CHECKING:  # imported at first use
    from collections.abc import Iterator

    from sms_desktop.gateway.sandbox_control import SandboxControl, SandboxState
    from sms_desktop.services.prices import Price

Order = Literal["in_order", "reversed", "shuffled"]
"""How the parts of a long reply come."""
ORDERS: tuple[Order, ...] = ("in_order", "reversed", "shuffled")
Standing = Literal["good", "suspended", "smpp_only", "demo"]
"""Of the account: as it should be, suspended (status 8), without HTTP (11), on trial (29)."""
STANDINGS: tuple[Standing, ...] = ("good", "suspended", "smpp_only", "demo")
PAGE = 1000
"""How many entries of the trace come in one look at most."""

_SECONDS = 10.0
_MOST_OCTETS = 1024 * 1024
_LONGEST_VALUE = 80
_LONGEST_DETAIL = 400
_TOLD_FIRST = ("http", "connection", "status", "err-code", "text", "to", "msisdn", "from")
_FIRST = {name: place for place, name in enumerate(_TOLD_FIRST)}

_Command = TypeVar("_Command")


@dataclass(frozen=True, slots=True)
class Condition:
    """How the sandbox stands.

    `balance` is in EUR; `by_hand` says that its clock stands still but for `advance`, else it goes `speed`
    times as fast as time; `taken` messages have come and `waiting` webhooks are still to go out.
    """

    balance: str
    standing: Standing
    by_hand: bool
    speed: float
    scenario: str | None
    taken: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the trace: `at` seconds of the sandbox's clock after message number `message` came.

    `detail` is one printable line of at most 400 characters, without secrets.
    """

    message: int
    at: float
    event: str
    detail: str


@dataclass(frozen=True, slots=True)
class Look:
    """How it stands, and what happened since the last look; `place` is where the next look begins.

    `anew` says that what was seen before belongs to a sandbox that was started again since.
    """

    condition: Condition
    happenings: tuple[Happening, ...]
    place: int
    anew: bool


class Simulator:
    """The sandbox of a profile, found by the socket in its `folder`. Safe for any thread.

    Everything raises TryLater when no sandbox answers there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self, place: int = 0) -> Look:
        """How it stands, with at most `PAGE` entries of the trace from `place` on, oldest first."""
        with self._asking() as control:
            page = control.trace(after=place)
            anew = page.next < place
            if anew:
                page = control.trace(after=0)
            condition = _condition(control.state())
        return Look(condition, tuple(_happening(entry) for entry in page.entries), page.next, anew)

    def reply(
        self, phone: str, text: str, *, own: str, order: Order = "in_order", missing: int | None = None
    ) -> int:
        """Let `phone` write `text` to whoever wrote to it last, or to `own` if nobody did.

        Returns in how many parts it comes: 0 if nobody wants to hear of it. `missing` is the part, from 1,
        that does not come. Raises Mendable for what can't be written.
        """
        from sms_desktop.gateway.sandbox_control import ReplyCommand

        fields: dict[str, object] = {
            "phone": phone.removeprefix("+"),
            "reply": {"text": text, "order": order, "missing": missing},
        }
        with self._asking() as control:
            try:
                return len(control.reply(_command(ReplyCommand, fields)))
            except Mendable as error:
                if error.field != "own":
                    raise
            return len(control.reply(_command(ReplyCommand, fields | {"own": own})))

    def settle(self, parts: Iterable[str], *, status: str = "delivered", err_code: str = "0") -> None:
        """Send a receipt for each of these parts, given by the gateway's message ids.

        It ends the receipts that were still to come. Raises Mendable for an id that is not known.
        """
        from sms_desktop.gateway.sandbox_control import ReceiptCommand

        with self._asking() as control:
            for part in parts:
                fields = {"message_id": part, "status": status, "err_code": err_code}
                control.receipt(_command(ReceiptCommand, fields))

    def play(self, file: Path | None) -> Condition:
        """Begin the scenario in `file` (TOML, or JSON when its name ends so), everything else set back.

        None ends the one that is played. Raises Mendable naming what is wrong in the file.
        """
        document = None if file is None else _read(file)
        with self._asking() as control:
            return _condition(control.scenario(document))

    def advance(self, seconds: float) -> Condition:
        """Move a clock that goes by hand; what was due has gone out then. Raises Mendable."""
        from sms_desktop.gateway.sandbox_control import AdvanceCommand

        with self._asking() as control:
            return _condition(control.advance(_command(AdvanceCommand, {"seconds": seconds})))

    def stand(self, standing: Standing) -> Condition:
        """Change how the account stands."""
        from sms_desktop.gateway.sandbox_control import AccountChanges

        with self._asking() as control:
            return _condition(control.account(AccountChanges(standing=standing)))

    def price(self) -> Price | None:
        """What a part costs, to any country."""
        from decimal import Decimal

        from sms_desktop.services.prices import Price

        with self._asking() as control:
            told = control.state().price
        return None if told is None else Price(Decimal(told), "EUR")

    def reset(self) -> Condition:
        """Let the sandbox forget all: what is on its way, who said STOP, the scenario, the money spent."""
        with self._asking() as control:
            return _condition(control.reset())

    @contextmanager
    def _asking(self) -> Iterator[SandboxControl]:
        from sms_desktop.gateway.sandbox_control import SOCKET, SandboxControl

        try:
            yield SandboxControl(socket=self._folder / SOCKET, seconds=_SECONDS)
        except TryLater as error:
            raise TryLater(
                "The sandbox does not answer.", hint="It starts a moment after the window does."
            ) from error


def _condition(state: SandboxState) -> Condition:
    return Condition(
        balance=_money(state.balance),
        standing=state.standing,
        by_hand=state.clock == "manual",
        speed=state.speed,
        scenario=state.scenario,
        taken=state.taken,
        waiting=state.waiting,
    )


def _money(amount: str) -> str:
    """The same amount without the zeros that say nothing, but for two places."""
    whole, _, places = amount.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def _command(kind: type[_Command], fields: Mapping[str, object]) -> _Command:
    import msgspec

    try:
        return msgspec.convert(fields, type=kind)
    except msgspec.ValidationError as error:
        raise Mendable(f"The sandbox can't do that. {error}.") from None


def _read(file: Path) -> object:
    import json
    import tomllib

    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_OCTETS + 1)
    except OSError as error:
        raise Mendable(f"The file {file.name} can't be read: {error.strerror}.", field="scenario") from error
    if len(data) > _MOST_OCTETS:
        raise Mendable(f"The file {file.name} is larger than {_MOST_OCTETS:,} octets.", field="scenario")
    try:
        read: object = (json.loads if file.suffix.lower() == ".json" else tomllib.loads)(data.decode())
    except (ValueError, RecursionError) as error:
        raise Mendable(f"The file {file.name} can't be read: {error}.", field="scenario") from None
    if not isinstance(read, dict):
        raise Mendable(f"The file {file.name} holds no scenario.", field="scenario")
    return read


def _happening(entry: Mapping[str, Any]) -> Happening:
    rest = {name: value for name, value in entry.items() if name not in ("message", "at", "event")}
    words = sorted(_words(rest), key=lambda word: _FIRST.get(word.partition("=")[0], len(_FIRST)))
    detail = " ".join(words)
    if len(detail) > _LONGEST_DETAIL:
        detail = detail[: _LONGEST_DETAIL - 1] + "…"
    return Happening(int(entry["message"]), float(entry["at"]), str(entry["event"]), detail)


def _words(fields: Mapping[str, Any]) -> Iterator[str]:
    """Every value under its own name, however deep it stands."""
    for name, value in fields.items():
        match value:
            case dict():
                yield from _words(value)
            case list():
                for part in value:
                    yield from _words(part if isinstance(part, dict) else {name: part})
            case None | "" | "***":
                continue
            case _ if name in ("api_key", "api-key"):
                continue  # always the same
            case _:
                text = "".join(letter if letter.isprintable() else "·" for letter in str(value))
                yield f"{name}={text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + '…'}"
