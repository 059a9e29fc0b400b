"""smspdudecoder and python-gsmmodem-new as judges of PDUs: they read, and build, what we build."""

from __future__ import annotations

import random
import warnings
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO

from smspdudecoder.fields import SMSDeliver, SMSSubmit

from sms_desktop.encoding import gsm7, tpdu, ucs2, validity
from sms_desktop.encoding.addresses import INTERNATIONAL, Address
from sms_desktop.encoding.encode import Part, encode
from sms_desktop.encoding.timestamps import Timestamp
from sms_desktop.encoding.tpdu import Deliver, Submit, UserData
from sms_desktop.messages.message import Text, Unicode
from tests.oracles.texts import GSM7, PAIRS, UCS2, generated

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # its escapes were written for older Pythons
    warnings.simplefilter("ignore", DeprecationWarning)
    from gsmmodem import pdu as gsmmodem

CASES = 1_500
NUMBER = Address("31612345678", INTERNATIONAL)
SMSC = Address("447785016005", INTERNATIONAL)


def user_data(part: Part) -> UserData:
    return UserData.of(part.udh, part.user_data, part.user_data_length)


def parts_of(text: str, reference: int) -> tuple[Part, ...]:
    return encode(Text(text) if gsm7.is_encodable(text) else Unicode(text), reference_number=reference)


def moments(seed: int, count: int) -> list[datetime]:
    source = random.Random(seed)
    first = datetime(2000, 1, 1, tzinfo=UTC)
    return [
        (first + timedelta(seconds=source.randrange(2_000_000_000))).astimezone(
            timezone(timedelta(minutes=15 * source.randrange(-47, 57)))
        )
        for _ in range(count)
    ]


# --------------------------------------------------------------------------------------------- smspdudecoder


def test_smspdudecoder_reads_a_submit() -> None:
    read = 0
    for text in generated(11, CASES, (*GSM7, *UCS2, *PAIRS)):
        reference = len(text) % 256
        for part in parts_of(text, reference):
            built = Submit(NUMBER, user_data(part), reference, data_coding=part.data_coding)
            found = SMSSubmit.decode(StringIO(tpdu.build_pdu(built, smsc=None).hex()))
            assert found["recipient"]["number"] == "31612345678"
            assert found["message-ref"] == reference
            read += check_smspdudecoder(found["user_data"], part, reference)
    assert read > CASES


def test_smspdudecoder_reads_a_deliver() -> None:
    texts = generated(12, CASES, (*GSM7, *UCS2, *PAIRS))
    for text, moment in zip(texts, moments(12, CASES), strict=True):
        part, *_ = parts_of(text, 7)
        deliver = Deliver(NUMBER, Timestamp.of(moment), user_data(part), data_coding=part.data_coding)
        found = SMSDeliver.decode(StringIO(tpdu.build_pdu(deliver, smsc=SMSC).hex()))
        assert found["smsc"]["number"] == "447785016005"
        assert found["sender"]["number"] == "31612345678"
        assert found["scts"] == moment
        check_smspdudecoder(found["user_data"], part, 7)


def check_smspdudecoder(found: dict[str, object], part: Part, reference: int) -> bool:
    """Check header and text; False where its text can't be compared."""
    header = None
    if part.udh:
        joint = {"reference": reference, "parts_count": part.udh[-2], "part_number": part.udh[-1]}
        header = {"length": 5, "elements": [{"iei": 0, "length": 3, "data": joint}]}
    assert found["header"] == header
    if part.data_coding == 8:
        assert found["data"] == ucs2.decode(part.user_data)
        return True
    # It reads header and text together as septets and cuts the characters by TP-UDL, which counts septets
    # (TS 23.040 9.2.3.16). An escape in the header shifts the text, one in the text lets spare bits through.
    if gsm7.ESCAPE in gsm7.unpack(part.udh):
        return False
    spurious = "@" if part.user_data_length % 8 == 7 and gsm7.ESCAPE in septets_of(part) else ""
    assert found["data"] == gsm7.decode(septets_of(part)) + spurious
    return True


def septets_of(part: Part) -> bytes:
    fill = gsm7.fill_bits(len(part.udh))
    return gsm7.unpack(part.user_data, part.user_data_length - (8 * len(part.udh) + fill) // 7, fill)


# --------------------------------------------------------------------------------------- python-gsmmodem-new


# What it can write: no section sign and page break (test_alphabets), nothing beyond U+FFFF.
ITS_GSM7 = [alphabet.translate({ord("§"): None, ord("\f"): None}) for alphabet in GSM7]
ITS_UCS2 = [alphabet.translate({ord("§"): None, ord("\f"): None}) for alphabet in UCS2]


def test_gsmmodem_builds_the_same_submit() -> None:
    source = random.Random(13)
    for text in generated(13, CASES, (*ITS_GSM7, *ITS_UCS2)):
        reference, minutes = source.randrange(256), source.choice((5, 720, 750, 1440, 2880, 43_200, 50_400))
        theirs = gsmmodem.encodeSmsSubmitPdu(
            "+31612345678",
            text,
            reference=reference,
            validity=timedelta(minutes=minutes),
            smsc="+447785016005",
            requestStatusReport=bool(reference % 2),
            rejectDuplicates=bool(reference % 3),
        )
        mine = [
            tpdu.build_pdu(
                Submit(
                    NUMBER,
                    user_data(part),
                    reference,
                    data_coding=part.data_coding,
                    validity=validity.relative(minutes),
                    status_report_request=bool(reference % 2),
                    reject_duplicates=bool(reference % 3),
                ),
                smsc=SMSC,
            )
            for part in parts_of(text, reference)
        ]
        assert mine == [bytes(part.data) for part in theirs]


def test_gsmmodem_reads_a_deliver() -> None:
    texts = generated(14, CASES, (*ITS_GSM7, *ITS_UCS2))
    for text, moment in zip(texts, moments(14, CASES), strict=True):
        part, *_ = parts_of(text, 7)
        deliver = Deliver(NUMBER, Timestamp.of(moment), user_data(part), data_coding=part.data_coding)
        found = gsmmodem.decodeSmsPdu(tpdu.build_pdu(deliver, smsc=SMSC).hex())
        assert (found["type"], found["number"], found["smsc"]) == (
            "SMS-DELIVER",
            "+31612345678",
            "+447785016005",
        )
        assert found["time"] == moment
        assert found["time"].utcoffset() == moment.utcoffset()
        if part.udh:
            (joint,) = found["udh"]
            assert (joint.reference, joint.parts, joint.number) == (7, part.udh[-2], 1)
        if part.data_coding == 8:
            assert found["text"] == ucs2.decode(part.user_data)
            continue
        septets = septets_of(part)
        # It drops an eighth septet 0 as padding (test_alphabets).
        lost = part.user_data_length % 8 == 0 and septets.endswith(b"\0")
        assert found["text"] == gsm7.decode(septets[:-1] if lost else septets)
