from __future__ import annotations

import pytest

from sms_desktop.encoding import pid
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import inspect_user_data
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary
from sms_desktop.services import drafting, payloads
from sms_desktop.services.payloads import Payload

EVERY = payloads.every()


@pytest.mark.parametrize("payload", EVERY, ids=[payload.id for payload in EVERY])
def test_a_sample_is_right_by_the_standard_it_names(payload: Payload) -> None:
    message = Binary(payload.udh, payload.body, payload.protocol_id)
    [part] = encode(message, message_class=payload.message_class)  # refuses more than 140 octets
    found = inspect_user_data(
        udh=payload.udh or None,
        body=payload.body,
        data_coding=part.data_coding,
        protocol_id=payload.protocol_id or 0,
    )
    assert not found.problems
    assert not pid.parse(payload.protocol_id or 0).reserved
    assert payload.sentence.endswith(".")
    assert payload.source


@pytest.mark.parametrize("payload", EVERY, ids=[payload.id for payload in EVERY])
def test_a_sample_as_a_draft_means_the_same(payload: Payload) -> None:
    written = drafting.read(payload.draft())
    assert not written.problems
    assert written.message == Binary(payload.udh, payload.body, payload.protocol_id)
    assert written.options.message_class == payload.message_class


def test_the_library_holds_what_testers_ask_for() -> None:
    by_id = {payload.id: payload for payload in EVERY}
    contents = {
        payload.id: inspect_user_data(udh=payload.udh or None, body=payload.body).content for payload in EVERY
    }
    assert contents["wap-push-si"] is not None
    assert contents["wap-push-si"].as_dict()["href"] == "http://example.com/"
    assert contents["vcard"] is not None
    assert contents["vcard"].type == "vcard"
    assert contents["vcal"] is not None
    assert contents["vcal"].type == "vcal"
    assert by_id["flash"].message_class == 0
    assert (by_id["sim-data-download"].protocol_id, by_id["sim-data-download"].message_class) == (127, 2)
    assert by_id["port-empty"].udh
    assert not by_id["port-empty"].body
    assert len(EVERY) >= 9


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(Mendable, match="no payload 'ringtone'") as caught:
        payloads.named("ringtone")
    assert "ring-tone" in (caught.value.hint or "")
