"""How the sandbox conducts itself towards one message, as data. Obeyed by sending and carrier.

Scenarios hold it, and magic makes it. Times are in seconds of the sandbox's clock.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sms_desktop.gateway.sandbox_control import Reply, Seconds

PartNumber = Annotated[int, Meta(ge=1, le=255)]
Status = Annotated[str, Meta(pattern=r"^[0-9]{1,3}$")]

Connection = Literal["kept", "reset_before", "reset_after"]
"""What becomes of the connection: it is reset before the message is taken, or after it, or it is kept."""


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt: so long after acceptance, this status and err-code."""

    after: Seconds
    status: Annotated[str, Meta(min_length=1, max_length=40)]
    err_code: Status = "0"


ACCEPTED, BUFFERED, DELIVERED = Step(0.15, "accepted"), Step(0.3, "buffered"), Step(0.6, "delivered")
USUAL = (ACCEPTED, BUFFERED, DELIVERED)


class Conduct(Struct, frozen=True, forbid_unknown_fields=True):
    """What happens to one message.

    A `status` other than "0" refuses it: `part` alone, or all of it. `http` other than 200 replaces the
    answer, `body` spoils it, `trickle` spreads it over so many seconds, `delay` comes before it. `taken` says
    whether the message is carried on although the answer hides it; by default it is not when there is an HTTP
    error. `times` limits all this to the first messages to the number.

    `receipts` replaces the usual ones. They can be `delayed`, sent in `copies`, `reordered` (last first),
    `dropped`, sent `early` (before the answer) and `badly_signed`.
    """

    status: Status = "0"
    error_text: Annotated[str, Meta(max_length=200)] | None = None
    part: PartNumber | None = None
    http: Annotated[int, Meta(ge=200, le=599)] = 200
    body: Literal["normal", "malformed", "empty"] = "normal"
    connection: Connection = "kept"
    trickle: Seconds = 0.0
    delay: Seconds = 0.0
    taken: bool | None = None
    times: Annotated[int, Meta(ge=1)] | None = None
    receipts: Annotated[tuple[Step, ...], Meta(max_length=50)] = USUAL
    delayed: Seconds = 0.0
    copies: Annotated[int, Meta(ge=1, le=20)] = 1
    reordered: bool = False
    dropped: bool = False
    early: bool = False
    badly_signed: bool = False
    reply: Reply | None = None

    @property
    def takes(self) -> bool:
        """Whether the message is carried on."""
        if self.taken is not None:
            return self.taken
        return 200 <= self.http < 300 and self.connection != "reset_before"

    @property
    def steps(self) -> tuple[Step, ...]:
        """The receipts in the order and at the times that they go out."""
        if self.dropped:
            return ()
        receipts = self.receipts
        if self.reordered:
            times = [step.after for step in receipts]
            receipts = tuple(
                Step(after, step.status, step.err_code)
                for after, step in zip(times, reversed(receipts), strict=True)
            )
        return tuple(
            Step(0.0 if self.early else step.after + self.delayed, step.status, step.err_code)
            for step in receipts
            for _ in range(self.copies)
        )

    @property
    def delivered_after(self) -> float | None:
        """When the phone has the message, or None if it never does; receipts may say otherwise."""
        times = [step.after for step in self.receipts if step.status == "delivered"]
        return max(times) + self.delayed if times else None


ORDINARY = Conduct()
"""Towards numbers and accounts without anything special."""
