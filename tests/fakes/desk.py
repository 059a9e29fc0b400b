"""A desk's day, written into a real store through the real services.

What pictures and window tests look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_desktop.gateway.webhooks import Concatenation
from sms_desktop.messages.ids import ComposeId, GatewayMessageId, MessageId, RequestId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Text, Unicode
from sms_desktop.messages.outcomes import Outcome
from sms_desktop.services import reassembly
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import attempts, receipts, waiting
from sms_desktop.store.attempts import NewPart
from sms_desktop.store.database import Store, Writing

MINUTE_US = 60_000_000


@dataclass
class Desk:
    """Sends and receives at any minute before `now_us`.

    The gateway's answers and receipts are given by the caller.
    """

    store: Store
    profile: Profile
    now_us: int
    _numbers: int = field(default=0)

    def send(self, to: str, text: str, *, minutes_ago: float, kind: Kind = Kind.TEXT) -> MessageId:
        """Press Send."""
        content = Text(text) if kind is Kind.TEXT else Unicode(text)
        outbox = Outbox(self.store, clock=lambda: self._at(minutes_ago))
        return outbox.send(Compose(ComposeId(new_id()), self.profile, to, self.profile.sender, content))

    def answered(self, message: MessageId, *statuses: str, minutes_ago: float = 0) -> list[GatewayMessageId]:
        """The gateway answers with one status per part; returns the ids that it gave."""
        ids = [self._new_id() for _ in statuses]
        parts = [
            NewPart(status, gateway_id if status == "0" else None)
            for status, gateway_id in zip(statuses, ids, strict=True)
        ]
        self._attempt(message, Outcome.ANSWERED, parts, minutes_ago)
        return ids

    def lost(self, message: MessageId, reason: str, *, minutes_ago: float = 0) -> None:
        """The connection breaks after the request was written."""
        self._attempt(message, Outcome.UNCERTAIN, [], minutes_ago, reason)

    def not_sent(
        self, message: MessageId, reason: str, *, again_us: int | None, minutes_ago: float = 0
    ) -> None:
        """The gateway is not reached; the next try is at `again_us`."""
        self._attempt(message, Outcome.NOT_SENT, [], minutes_ago, reason, again_us=again_us)

    def receipt(self, to: str, gateway_id: str, word: str, err_code: str = "0") -> None:
        """A receipt comes in."""
        with self.store.write() as writing:
            kept = receipts.NewReceipt(
                gateway_id, to, word, err_code, "2611211042", None, None, None, False, self.now_us
            )
            receipts.keep(writing, self.profile.id, [kept])

    def delivered(self, to: str, text: str, *, minutes_ago: float, parts: int = 1) -> MessageId:
        """A message that went all the way."""
        message = self.send(to, text, minutes_ago=minutes_ago)
        for gateway_id in self.answered(message, *["0"] * parts, minutes_ago=minutes_ago):
            self.receipt(to, gateway_id, "delivered")
        return message

    def receive(self, sender: str, text: str, *, minutes_ago: float, kind: Kind = Kind.TEXT) -> None:
        """A message of one part comes in."""
        self.receive_part(sender, text, None, minutes_ago=minutes_ago, kind=kind)

    def receive_part(
        self,
        sender: str,
        text: str,
        place: Concatenation | None,
        *,
        minutes_ago: float,
        kind: Kind = Kind.TEXT,
    ) -> None:
        """A part of a message comes in."""
        own, at = self.profile.sender, self._at(minutes_ago)
        part = reassembly.InboundPart(self._new_id(), sender, own, kind, text, place, at)
        with self.store.write() as writing:
            reassembly.take(writing, self.profile.id, [part])

    def _attempt(
        self,
        message: MessageId,
        outcome: Outcome,
        parts: list[NewPart],
        minutes_ago: float,
        reason: str | None = None,
        *,
        again_us: int | None = None,
    ) -> None:
        now = self._at(minutes_ago)
        with self.store.write() as writing:
            request = _request_of(writing, message)
            attempt = attempts.open_attempt(writing.db, request, client_ref=new_id(), exact={}, now_us=now)
            attempts.close_attempt(
                writing.db,
                attempt,
                outcome=outcome,
                phase="",
                http_status=200 if outcome is Outcome.ANSWERED else None,
                response=None,
                reason=reason,
                parts=parts,
                now_us=now,
            )
            waiting.schedule(writing.db, message, again_us)
            writing.changed(attempts.project(writing.db, message), message)

    def _at(self, minutes_ago: float) -> int:
        return self.now_us - round(minutes_ago * MINUTE_US)

    def _new_id(self) -> GatewayMessageId:
        self._numbers += 1
        return GatewayMessageId(f"0A00000012345{self._numbers:03X}")


def _request_of(writing: Writing, message: MessageId) -> RequestId:
    return RequestId(
        int(next(writing.db.execute("SELECT id FROM request WHERE message_id = ?", (message,)))[0])
    )


def busy_morning(desk: Desk) -> str:
    """Conversations with every state that a person meets; returns the party of the one to look at."""
    other = {
        "447700900142": "Flash test 3 of 5",
        "212612345678": "The parcel is at gate 4.",
        "886912345678": "謝謝,我星期五會來拿",
    }
    for minutes, (number, text) in zip((3_000, 1_500, 80), other.items(), strict=True):
        if number.startswith("886"):
            desk.receive(number, text, minutes_ago=minutes, kind=Kind.UNICODE)
        else:
            message = desk.send(number, text, minutes_ago=minutes)
            ids = desk.answered(message, "0", minutes_ago=minutes)
            desk.receipt(number, ids[0], "expired" if number.startswith("44") else "accepted")
    desk.receive("PostNL", "Uw pakket wordt vandaag bezorgd tussen 14:00 en 16:00.", minutes_ago=1_700)
    refused = desk.send("48512345678", "Your code is 4821", minutes_ago=30)
    desk.answered(refused, "9", minutes_ago=30)
    desk.delivered("4915123456789", "Your repair is ready for collection at desk 4.", minutes_ago=11)
    desk.receive("31628471190", "STOP", minutes_ago=62)
    desk.receive("905321234567", "Kargo hâlâ gelmedi, teşekkürler", minutes_ago=6, kind=Kind.UNICODE)
    desk.receive("905321234567", "Merhaba?", minutes_ago=5)
    _noor(desk)
    return "31612345678"


def _noor(desk: Desk) -> None:
    noor = "31612345678"
    desk.delivered(
        noor,
        "Hello Noor, this is the helpdesk. Your laptop is back, its screen replaced under warranty. "
        "Collect it at desk 4, weekdays from 09:00 to 17:30. Please bring the receipt.",
        minutes_ago=40,
        parts=2,
    )
    desk.receive(noor, "Great, thank you. Can Bram collect it?", minutes_ago=33)
    failed = desk.send(noor, "Of course. What time suits Bram today?", minutes_ago=16)
    ids = desk.answered(failed, "0", minutes_ago=16)
    desk.receipt(noor, ids[0], "failed", "2")
    for part, text in (
        (1, "Hi, my phone was in the basement! Bram works until two, so he could "),
        (3, "and he will bring the receipt and his passport."),
    ):
        desk.receive_part(noor, text, Concatenation("c7", 3, part), minutes_ago=11)
    uncertain = desk.send(noor, "No problem. Shall I book the 14:30 slot?", minutes_ago=1)
    desk.lost(
        uncertain, "The request was written, then the connection broke before an answer came.", minutes_ago=1
    )
