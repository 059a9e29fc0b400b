"""How fast a long text becomes PDUs, against python-gsmmodem's encoder."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator

from sms_desktop.encoding import tpdu
from sms_desktop.encoding.addresses import INTERNATIONAL, Address
from sms_desktop.encoding.encode import encode
from sms_desktop.messages.message import Text
from tests.bench.harness import Row, medians

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its escapes were written for older Pythons
    from gsmmodem import pdu as gsmmodem

_TEXT = ("Hello World, how are you today. " * 50)[:1_600]
_TO = Address("31612345678", INTERNATIONAL)
_TIMES = 20
_ROUNDS = 15


def _ours() -> list[bytes]:
    return [
        tpdu.build_pdu(
            tpdu.Submit(
                _TO,
                tpdu.UserData.of(part.udh, part.user_data, part.user_data_length),
                7,
                data_coding=part.data_coding,
                status_report_request=True,
            ),
            smsc=None,
        )
        for part in encode(Text(_TEXT), reference_number=7)
    ]


def _theirs() -> list[bytes]:
    return [bytes(part.data) for part in gsmmodem.encodeSmsSubmitPdu("+31612345678", _TEXT, reference=7)]


def _milliseconds(build: Callable[[], list[bytes]]) -> Callable[[], float]:
    def measure() -> float:
        start = time.perf_counter()
        for _ in range(_TIMES):
            build()
        return (time.perf_counter() - start) * 1e3 / _TIMES

    return measure


def rows() -> Iterator[Row]:
    """Yield the row, for the same octets."""
    if _ours() != _theirs():
        raise AssertionError("the two build different PDUs, so their times can't be compared")
    ours, theirs = medians([_milliseconds(_ours), _milliseconds(_theirs)], rounds=_ROUNDS)
    yield Row(
        what="SMS-SUBMITs of 1,600 characters",
        against="python-gsmmodem",
        unit="ms",
        ours=ours,
        yardstick=theirs,
        bound=1.0,
    )
