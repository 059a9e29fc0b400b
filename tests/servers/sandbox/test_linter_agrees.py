"""What the linter has nothing against is accepted, and what the sandbox refuses was predicted.

Two readings of the same documents, made by different code: one warns before a message leaves, the other
judges what came.
"""

from __future__ import annotations

from typing import TypeVar

from hypothesis import assume, example, given
from hypothesis import strategies as st

from sms_desktop.encoding.encode import encode
from sms_desktop.gateway.auth import SecretInBody
from sms_desktop.gateway.lint import lint
from sms_desktop.gateway.request import build
from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import Route
from sms_desktop.servers.sandbox.submission import judge
from sms_desktop.servers.sandbox.verdicts import Submission

_T = TypeVar("_T")


def _mostly(usual: _T, *edges: _T) -> st.SearchStrategy[_T]:
    """Fields are usual for the most part: one edge a message, or none, is what gets past the linter."""
    return st.integers(0, 9).flatmap(lambda at: st.sampled_from(edges) if at == 9 else st.just(usual))


_reference = _mostly(None, "a", "abc XYZ-09é", "x" * 40, "x" * 41, "x" * 100, "x" * 101)
_options = st.builds(
    Options,
    ttl=_mostly(None, 19_999, 20_000, 900_000, 604_800_000, 604_800_001),
    callback=_mostly(None, "http://127.0.0.1/d", "https://x.example/" + "d" * 90, "x", "a:b"),
    message_class=_mostly(None, -1, 0, 3, 4),
    client_ref=_reference,
    status_report=st.none() | st.booleans(),
    account_ref=_reference,
    entity_id=_reference,
    content_id=_reference,
    trusted_number=st.none() | st.booleans(),
    pool_id=_reference,
)
_sizes = _mostly(6, 0, 1, 70, 134, 135, 140, 141)
_octets = _sizes.map(bytes)
_characters = st.sampled_from(("a", "é", "€", "ż", "😀", "\n", "\0"))
_texts = st.one_of(
    st.text(_characters, max_size=20),
    st.builds(str.__mul__, _characters, st.sampled_from((160, 161, 3200, 3201, 20_001, 32_001))),
)
_messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, _texts),
    st.builds(Unicode, _texts),
    st.builds(Binary, _octets, _octets, _mostly(None, -1, 0, 127, 255, 256)),
    st.builds(WapPush, _texts, _texts, _mostly(None, -1, 0, 1, 60_000, 2**31 - 1, 2**31)),
    st.builds(VCard, _texts),
    st.builds(VCal, _texts),
)
_senders = _mostly("Acme", "My Shop", "+31612345678", "1", "TwelveLetter", "Üb", "447700900000")
_numbers = _mostly(
    "+31612345678",
    *("447700900123", "+1 202 555 0123", "+2101234567", "999123456789", "0612345678", "12"),
)


@given(_messages, _options, _senders, _numbers)
@example(Text("x"), Options(), "Acme", "+12025550123")
@example(VCard("x" * 20_001), Options(), "Acme", "+31612345678")
def test_what_the_sandbox_refuses_was_predicted(
    message: Message, options: Options, typed_sender: str, typed_number: str
) -> None:
    findings = lint(
        message, options, typed_sender, typed_number, Provider.SANDBOX, route=Route.API, accept_loss=True
    )
    stopped = any(finding.is_error for finding in findings)
    assume(not stopped)
    request = build(
        message,
        sender=sender(typed_sender).value,
        to=recipient(typed_number),
        options=options,
        provider=Provider.SANDBOX,
        base_url="http://127.0.0.1:1",
        auth=SecretInBody("sandbox1", "secret"),
    )
    verdict = judge({parameter.name: parameter.value for parameter in request.parameters})
    if isinstance(verdict, Submission):
        try:
            encode(verdict.content, reference_number=0)
        except Mendable as error:
            raise AssertionError(f"accepted, and then it can't be built: {error.message}") from error
        return
    assert verdict.status in {finding.status for finding in findings}, verdict
