"""Takes or refuses one message: who asks, how often, what the rules say, what happens. Used by sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from sms_desktop.encoding.encode import Part, encode
from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.sandbox.account import PRICE, Account
from sms_desktop.servers.sandbox.carrier import Carrier
from sms_desktop.servers.sandbox.conduct import ORDINARY, Conduct
from sms_desktop.servers.sandbox.credentials import AccessTokens, refused
from sms_desktop.servers.sandbox.networks import network_of
from sms_desktop.servers.sandbox.script import Script, new_message_id
from sms_desktop.servers.sandbox.submission import Dialect, judge
from sms_desktop.servers.sandbox.throttle import Throttle
from sms_desktop.servers.sandbox.verdicts import Refusal, Submission, refusal

_STANDING_STATUSES = {"suspended": "8", "smpp_only": "11"}


@dataclass(frozen=True, slots=True)
class Call:
    """A request to send: its parameters and what surrounds them. `connections` are those open at the time."""

    parameters: Mapping[str, str]
    dialect: Dialect = "nexmo"
    authorization: str | None = None
    connections: int = 1
    inbound: bool = False


@dataclass(slots=True)
class Handling:
    """What becomes of a call: its `number` in the order of arrival, its answer's parts, its conduct."""

    number: int
    came: float
    conduct: Conduct = ORDINARY
    answers: tuple[dict[str, str], ...] = ()
    message: Submission | None = None
    parts: tuple[Part, ...] = ()
    chance: Random | None = None


class Desk:
    """Where messages are handed in."""

    def __init__(
        self,
        *,
        account: Account,
        carrier: Carrier,
        script: Script,
        throttle: Throttle,
        tokens: AccessTokens,
        changed: Callable[[], None],
    ) -> None:
        self._account = account
        self._carrier = carrier
        self._script = script
        self._throttle = throttle
        self.tokens = tokens
        self._changed = changed

    def look_at(self, call: Call, *, came: float) -> Handling:
        """Decide; nothing has been charged or carried on when this returns."""
        chance = self._script.chance()
        handling = Handling(self._script.taken, came, chance=chance)
        judged = self._refused(call) or judge(
            call.parameters, dialect=call.dialect, facilities=self._account.facilities
        )
        verdict = judged if isinstance(judged, Refusal) else self._accept(judged, call, handling, chance)
        if verdict is not None:
            handling.answers = ({"status": verdict.status, "error-text": verdict.error_text},)
        return handling

    async def hand_on(self, handling: Handling) -> None:
        """Charge what was accepted, and let the carrier have it."""
        message, chance = handling.message, handling.chance
        if message is None or chance is None:
            return
        ids = []
        for answer in handling.answers:
            if answer["status"] == "0":
                answer["remaining-balance"] = str(self._account.charge())
                ids.append(answer["message-id"])
        self._changed()
        await self._carrier.take(
            message,
            handling.parts,
            ids,
            conduct=handling.conduct,
            number=handling.number,
            chance=chance,
        )

    def _refused(self, call: Call) -> Refusal | None:
        account = self._account
        if call.dialect == "nexmo":
            verdict = refused(call.parameters, call.authorization, account)
            if verdict is not None:
                return verdict
        if account.standing in _STANDING_STATUSES:
            return refusal(_STANDING_STATUSES[account.standing])
        if call.connections > account.most_connections:
            return refusal("10")
        return self._throttle.refused(
            sender=call.parameters.get("from", ""), to=call.parameters.get("to", "")
        )

    def _accept(self, message: Submission, call: Call, handling: Handling, chance: Random) -> Refusal | None:
        if self._account.standing == "demo" and message.to not in self._account.approved:
            return refusal("29")
        try:
            parts = encode(message.content, reference_number=chance.randrange(256))
        except Mendable as error:
            return refusal("12" if "parts" in error.message else "3", error.message)
        if not self._account.can_pay(len(parts)):
            return refusal("9")
        handling.conduct = conduct = self._script.conduct(message, chance)
        if conduct.status != "0" and conduct.part is None:
            return self._refusal_of(conduct)
        handling.parts = parts
        if call.inbound:
            message = Submission(
                message.sender,
                message.to,
                message.content,
                message.wants_receipts,
                message.callback,
                message.client_ref,
                inbound=True,
            )
        handling.message = message if conduct.takes else None
        handling.answers = tuple(self._answer(message, part, conduct, chance) for part in parts)
        return None

    def _answer(self, message: Submission, part: Part, conduct: Conduct, chance: Random) -> dict[str, str]:
        if part.index == conduct.part and conduct.status != "0":
            verdict = self._refusal_of(conduct)
            return {"to": message.to, "status": verdict.status, "error-text": verdict.error_text}
        answer = {
            "to": message.to,
            "message-id": new_message_id(chance),
            "status": "0",
            "remaining-balance": str(self._account.balance),
            "message-price": str(PRICE),
            "network": network_of(message.to),
        }
        if message.client_ref is not None:
            answer["client-ref"] = message.client_ref
        if message.account_ref is not None:
            answer["account-ref"] = message.account_ref
        return answer

    def _refusal_of(self, conduct: Conduct) -> Refusal:
        verdict = refusal(conduct.status)
        return verdict if conduct.error_text is None else Refusal(conduct.status, conduct.error_text)
