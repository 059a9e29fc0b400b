"""The limits of a message's options, as the API documents them."""

from __future__ import annotations

import pytest

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.options import Options

_LONG_PATH = "x" * (100 - len("https://example.com/"))


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(ttl=20_000),
        Options(ttl=604_800_000),
        Options(message_class=0),
        Options(message_class=3),
        Options(callback="https://example.com/receipts?a=1&b=%20"),
        Options(callback="http://127.0.0.1:8080/d"),
        Options(callback=f"https://example.com/{_LONG_PATH}"),
        Options(client_ref="a"),
        Options(client_ref="Order 4711 / é"),
        Options(client_ref="x" * 100),
        Options(status_report=True),
        Options(status_report=False),
    ],
)
def test_what_the_documents_allow_passes(options: Options) -> None:
    options.check()


@pytest.mark.parametrize(
    "options, field",
    [
        (Options(ttl=19_999), "ttl"),
        (Options(ttl=604_800_001), "ttl"),
        (Options(ttl=0), "ttl"),
        (Options(ttl=-(10**30)), "ttl"),
        (Options(message_class=4), "message-class"),
        (Options(message_class=-1), "message-class"),
        (Options(callback=""), "callback"),
        (Options(callback="example.com/receipts"), "callback"),
        (Options(callback="ftp://example.com/"), "callback"),
        (Options(callback="https://"), "callback"),
        (Options(callback="https://[::1/"), "callback"),
        (Options(callback="https://example.com:99999/"), "callback"),
        (Options(callback="https://example.com:0/"), "callback"),
        (Options(callback="https://exämple.com/"), "callback"),
        (Options(callback="https://example.com/a b"), "callback"),
        (Options(callback="https://exam\nple.com/"), "callback"),
        (Options(callback="https://example.com/\ud800"), "callback"),
        (Options(callback=f"https://example.com/x{_LONG_PATH}"), "callback"),
        (Options(client_ref=""), "client-ref"),
        (Options(client_ref="x" * 101), "client-ref"),
        (Options(client_ref="a\nb"), "client-ref"),
        (Options(client_ref="a\udcffb"), "client-ref"),
        (Options(client_ref="a\x00b"), "client-ref"),
    ],
)
def test_what_is_out_of_limits_gets_one_sentence_that_names_the_field(options: Options, field: str) -> None:
    with pytest.raises(Mendable) as told:
        options.check()
    assert told.value.field == field
    assert told.value.message.startswith(f"{field}: ")
    assert len(told.value.message) < 200
    assert told.value.message.isprintable()
