"""What happens after acceptance: the carrier's receipts, and the handset's answer. Used by app."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sms_desktop.gateway.sandbox import Behaviour
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers.sandbox.account import PRICE, Account
from sms_desktop.servers.sandbox.courier import Courier, Webhook
from sms_desktop.servers.sandbox.handset import inbound_fields, reply_to
from sms_desktop.servers.sandbox.submission import Submission

_HOUR = 3600.0
# How long the gateway goes on trying (older SMS API reference, "Delivery Receipt" and "Inbound messages").
_RECEIPT_SECONDS = 72 * _HOUR
_INBOUND_SECONDS = 24 * _HOUR
_REPLY_SECONDS = 0.2
"""What a handset takes to answer."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """A receipt: so many seconds after acceptance, this status and err-code."""

    after: float
    status: str
    err_code: str = "0"


_ACCEPTED, _BUFFERED = Step(0.15, "accepted"), Step(0.3, "buffered")
_USUAL = (_ACCEPTED, _BUFFERED, Step(0.6, "delivered"))
_STEPS = {
    Behaviour.ECHO: _USUAL,
    Behaviour.SWITCHED_OFF: (_ACCEPTED, _BUFFERED, Step(0.6, "failed", "2")),
    Behaviour.SLOW: (_ACCEPTED, _BUFFERED, Step(30.0, "delivered")),
    Behaviour.LOSES_ANSWER: tuple(Step(5.0 + step.after, step.status) for step in _USUAL),
}

_NETWORKS = {"31": "20408", "32": "20601", "33": "20801", "44": "23410", "48": "26001", "49": "26201"}
_TEST_NETWORK = "00101"
"""The mobile network code set aside for tests (ITU-T E.212)."""


def network_of(number: str) -> str:
    """The estimated network (MCCMNC) of a number."""
    return _NETWORKS.get(number[:2], _TEST_NETWORK)


class Carrier:
    """Takes accepted messages and has receipts and replies brought to the account's callbacks."""

    def __init__(self, *, account: Account, courier: Courier) -> None:
        self._account = account
        self._courier = courier

    def take(self, message: Submission, message_ids: Iterable[str]) -> None:
        """Plan what becomes of a message whose parts have these ids."""
        steps = _STEPS.get(message.behaviour, _USUAL) if message.behaviour else _USUAL
        callback = _reachable(message.callback or self._account.dr_callback)
        if message.wants_receipts and callback is not None:
            for message_id in message_ids:
                for step in steps:
                    webhook = Webhook(callback, self._receipt(message, message_id, step), _RECEIPT_SECONDS)
                    self._courier.take(webhook, after=step.after)
        if steps[-1].status == "delivered":
            self._answer(message, after=steps[-1].after + _REPLY_SECONDS)

    def _answer(self, message: Submission, *, after: float) -> None:
        callback = _reachable(self._account.mo_callback)
        reply = reply_to(message) if callback is not None else None
        if callback is None or reply is None:
            return
        for fields in inbound_fields(
            reply, phone=message.to, own=message.sender.removeprefix("+"), api_key=self._account.api_key
        ):
            self._courier.take(Webhook(callback, fields, _INBOUND_SECONDS), after=after)

    def _receipt(self, message: Submission, message_id: str, step: Step) -> dict[str, str]:
        """A receipt's fields (SMS API 1.5.0, schema `DeliveryReceipt`); each try adds `message-timestamp`."""
        fields = {
            "msisdn": message.to,
            "to": message.sender,
            "network-code": network_of(message.to),
            "messageId": message_id,
            "price": str(PRICE),
            "status": step.status,
            "scts": self._courier.moment(step.after).strftime("%y%m%d%H%M"),
            "err-code": step.err_code,
            "api-key": self._account.api_key,
        }
        if message.client_ref is not None:  # in the older SMS API reference only
            fields["client-ref"] = message.client_ref
        return fields


def _reachable(callback: str | None) -> str | None:
    """A callback on this computer; the sandbox sends nothing anywhere else."""
    if callback is None:
        return None
    host = urlsplit(callback).hostname or ""
    if is_loopback(host):
        return callback
    _logger.warning("a callback is ignored: its host %r is not this computer", host)
    return None
