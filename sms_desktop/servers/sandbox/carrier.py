"""What happens after acceptance: the carrier's receipts, the handset's answer. Used by desk and control."""

from __future__ import annotations

import logging
import random
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.encoding.encode import Part
from sms_desktop.gateway.sandbox_control import ReceiptCommand, Reply, TakenPart
from sms_desktop.gateway.signing import SIGNATURE, sign
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text, Unicode
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers.sandbox.account import PRICE, Account
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.conduct import Conduct, Step
from sms_desktop.servers.sandbox.courier import Courier, Webhook
from sms_desktop.servers.sandbox.handset import OptOuts, answer_to, inbound_fields, read
from sms_desktop.servers.sandbox.networks import network_of
from sms_desktop.servers.sandbox.verdicts import Submission

_HOUR = 3600.0
# How long the gateway goes on trying (older SMS API reference, "Delivery Receipt" and "Inbound messages").
_RECEIPT_SECONDS = 72 * _HOUR
_INBOUND_SECONDS = 24 * _HOUR
_MOST_REMEMBERED = 1000
_LONGEST_REMEMBERED = 160

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """A part that was taken: enough of it to send a receipt for it by hand."""

    number: int
    phone: str
    sender: str
    text: str
    callback: str | None
    client_ref: str | None


class Carrier:
    """Takes accepted messages and has receipts and replies brought to the account's callbacks.

    They go to this computer, and to the hosts in `allowed`.
    """

    def __init__(
        self, *, account: Account, courier: Courier, clock: Clock, allowed: frozenset[str] = frozenset()
    ) -> None:
        self._account = account
        self._courier = courier
        self._clock = clock
        self._allowed = allowed
        self.opt_outs = OptOuts()
        self.taken: OrderedDict[str, Taken] = OrderedDict()

    async def take(
        self,
        message: Submission,
        parts: tuple[Part, ...],
        ids: Sequence[str],
        *,
        conduct: Conduct,
        number: int,
        chance: random.Random,
    ) -> None:
        """Plan what becomes of the parts with these ids; what comes early has gone out when this returns."""
        origin = self._clock.now()
        wanted = message.callback or self._account.dr_callback
        callback = self.reachable(wanted)
        own = message.sender.removeprefix("+")
        stopped = self.opt_outs.holds(phone=message.to, own=own)
        steps = (Step(0.15, "rejected", "9"),) if stopped else conduct.steps
        content = message.content
        text = content.text if isinstance(content, Text | Unicode) else read(content, parts)
        for message_id in ids:
            self._remember(
                message_id,
                Taken(
                    number,
                    message.to,
                    message.sender,
                    text[:_LONGEST_REMEMBERED],
                    callback,
                    message.client_ref,
                ),
            )
            if callback is None or not message.wants_receipts:
                continue
            for step in steps:
                webhook = Webhook(
                    callback,
                    self._receipt(message_id, self.taken[message_id], step),
                    _RECEIPT_SECONDS,
                    message=number,
                    origin=origin,
                    badly_signed=conduct.badly_signed,
                )
                if conduct.early and not stopped:
                    await self._courier.bring_now(webhook)
                else:
                    self._courier.take(webhook, after=step.after)
        after = conduct.delivered_after
        reply = None if stopped or after is None else answer_to(message.content, parts, conduct.reply)
        if reply is not None and after is not None:
            self.write(
                reply,
                phone=message.to,
                own=own,
                chance=chance,
                number=number,
                registered=message.inbound,
                after=after + reply.after,
            )

    def write(
        self,
        reply: Reply,
        *,
        phone: str,
        own: str,
        chance: random.Random,
        number: int = 0,
        registered: bool = True,
        after: float | None = None,
    ) -> list[str]:
        """Let a phone write to `own`; the ids of what will come, none if nobody wants to hear of it.

        Raises Mendable for what can't be written.
        """
        webhooks = inbound_fields(reply, phone=phone, own=own, api_key=self._account.api_key, chance=chance)
        self.opt_outs.hear(reply.text, phone=phone, own=own)
        callback = self.reachable(self._account.inbound_webhook(own, phone, registered=registered))
        if callback is None:
            return []
        origin = self._clock.now()
        for place, fields in enumerate(webhooks):
            webhook = Webhook(
                callback, fields, _INBOUND_SECONDS, kind="inbound", message=number, origin=origin
            )
            # A little apart, so that they come in the order that they were put in.
            self._courier.take(webhook, after=(reply.after if after is None else after) + 0.02 * place)
        return [fields["messageId"] for fields in webhooks]

    def last_writer(self, phone: str) -> str:
        """Whom a phone has to thank for its last message. Raises Mendable if nobody wrote to it."""
        for taken in reversed(self.taken.values()):
            if taken.phone == phone:
                return taken.sender.removeprefix("+")
        raise Mendable(f"Nobody has written to {phone} yet. Say which number it writes to.", field="own")

    def settle(self, command: ReceiptCommand) -> None:
        """Send a receipt by hand, instead of those that were still to come. Raises Mendable."""
        taken = self.taken.get(command.message_id)
        if taken is None:
            raise Mendable(f"No message with the id {command.message_id} is known.", field="message_id")
        callback = taken.callback or self.reachable(self._account.dr_callback)
        if callback is None:
            raise Mendable("Nobody wants receipts for that message: it has no callback.", field="message_id")
        self._courier.forget(
            lambda webhook: webhook.kind == "receipt" and webhook.fields["messageId"] == command.message_id
        )
        step = Step(0.0, command.status, command.err_code)
        webhook = Webhook(
            callback,
            self._receipt(command.message_id, taken, step),
            _RECEIPT_SECONDS,
            message=taken.number,
            origin=self._clock.now(),
        )
        self._courier.take(webhook, after=0.0)

    def recent(self) -> list[TakenPart]:
        """The parts that were taken last, the newest first."""
        return [
            TakenPart(message_id, taken.phone, taken.sender, taken.text)
            for message_id, taken in reversed(self.taken.items())
        ]

    def dress(self, webhook: Webhook) -> dict[str, str]:
        """The fields of one try: `message-timestamp` is when it began, in UTC (SMS API 1.5.0).

        An account may have them signed: then with `timestamp` and `nonce`.
        """
        moment = self._clock.moment()
        fields = {**webhook.fields, "message-timestamp": moment.strftime("%Y-%m-%d %H:%M:%S")}
        secret = self._account.signature_secret
        if webhook.badly_signed or (self._account.sign_webhooks and secret):
            fields |= {"timestamp": str(int(moment.timestamp())), "nonce": str(uuid.uuid4())}
            algorithm = self._account.signature_algorithm or SignatureAlgorithm.MD5HASH
            right = sign(fields, secret=secret or "none", algorithm=algorithm)
            # The right one backwards: as long, of the same digits, and wrong.
            fields[SIGNATURE] = right[::-1] if webhook.badly_signed else right
        return fields

    def reachable(self, callback: str | None) -> str | None:
        """A callback on this computer or an allowed host; the sandbox sends nothing anywhere else."""
        if callback is None:
            return None
        host = (urlsplit(callback).hostname or "").lower()
        if is_loopback(host) or host in self._allowed:
            return callback
        _logger.warning("a callback is ignored: its host %r is not this computer", host)
        return None

    def _remember(self, message_id: str, taken: Taken) -> None:
        self.taken[message_id] = taken
        if len(self.taken) > _MOST_REMEMBERED:
            self.taken.popitem(last=False)

    def _receipt(self, message_id: str, taken: Taken, step: Step) -> dict[str, str]:
        """A receipt's fields (SMS API 1.5.0, schema `DeliveryReceipt`); each try adds `message-timestamp`."""
        fields = {
            "msisdn": taken.phone,
            "to": taken.sender,
            "network-code": network_of(taken.phone),
            "messageId": message_id,
            "price": str(PRICE),
            "status": step.status,
            "scts": self._clock.moment(step.after).strftime("%y%m%d%H%M"),
            "err-code": step.err_code,
            "api-key": self._account.api_key,
        }
        if taken.client_ref is not None:  # in the older SMS API reference only
            fields["client-ref"] = taken.client_ref
        return fields
