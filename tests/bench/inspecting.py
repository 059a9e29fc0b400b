"""How long the tree of a full PDU takes, against the aim of a millisecond and beside smspdudecoder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO

from smspdudecoder.fields import SMSDeliver

from sms_desktop.encoding import tpdu
from sms_desktop.encoding.addresses import INTERNATIONAL, Address
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import inspect_pdu
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.messages.message import Message, Text, Unicode
from tests.bench.harness import Row, medians

_NUMBER = Address("31612345678", INTERNATIONAL)
_MOMENT = Timestamp.of(datetime(2026, 11, 21, 18, 30, tzinfo=UTC))
_TIMES = 20
_ROUNDS = 15
# 160 septets in one part; 153 behind a header, with escapes; 67 code units behind a header.
_MESSAGES: tuple[Message, ...] = (
    Text("Hello World, how are you today. " * 5),
    Text("Price {10 €} [ok] or not é Ω ab " * 8),
    Unicode("Привет мир " * 9),
)


def _pdus() -> list[bytes]:
    """The first part of each message as an SMS-DELIVER of 140 octets (or 139) of user data."""
    pdus = []
    for message in _MESSAGES:
        part, *_ = encode(message, reference_number=7)
        user_data = tpdu.UserData.of(part.udh, part.user_data, part.user_data_length)
        deliver = tpdu.Deliver(_NUMBER, _MOMENT, user_data, data_coding=part.data_coding)
        pdus.append(tpdu.build_pdu(deliver, smsc=_NUMBER))
    return pdus


def _milliseconds(read: Callable[[bytes], object]) -> Callable[[], float]:
    pdus = _pdus()

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(_TIMES):
            for pdu in pdus:
                read(pdu)
        return (time.perf_counter() - start) * 1e3 / _TIMES / len(pdus)

    return measure


def rows() -> Iterator[Row]:
    """Yield the rows, for the same PDUs: ours is a tree with a field for each character."""
    ours, theirs = medians(
        [
            _milliseconds(lambda pdu: inspect_pdu(pdu, has_smsc=True)),
            _milliseconds(lambda pdu: SMSDeliver.decode(StringIO(pdu.hex()))),
        ],
        rounds=_ROUNDS,
    )
    for against, yardstick, bound in (("the aim", 1.0, 1.0), ("smspdudecoder, text only", theirs, 3.0)):
        yield Row(
            what="inspection of a full SMS-DELIVER",
            against=against,
            unit="ms",
            ours=ours,
            yardstick=yardstick,
            bound=bound,
        )
