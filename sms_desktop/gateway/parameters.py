"""The parameters of each kind of message and of its options, by the API's names. Called by request."""

from __future__ import annotations

from typing import assert_never

from sms_desktop.gateway.providers import GatewayRules
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Binary, Message, Text, Unicode, VCal, VCard, WapPush
from sms_desktop.messages.options import Options

BINARY_OCTETS = 140
"""`udh` and `body` together (SMS API reference (2016), status 12)."""


def content_parameters(message: Message) -> list[tuple[str, str]]:
    """What says the content, without `type`; hexadecimal digits are capitals.

    Raises Mendable naming the field for a content that has no such parameters: a binary message without
    octets or with more than `BINARY_OCTETS`, a WAP Push with what only an indication of ours can hold.
    """
    match message:
        case Text(text) | Unicode(text):
            return [("text", text)]
        case Binary() as binary:
            return _binary(binary)
        case WapPush() as push:
            return _wap_push(push)
        case VCard(vcard):
            return [("vcard", vcard)]
        case VCal(vcal):
            return [("vcal", vcal)]
        case _:
            assert_never(message)


def option_parameters(options: Options, known: GatewayRules) -> list[tuple[str, str]]:
    """The options that are set. Raises Mendable for one that the provider does not have."""
    on, off = known.report_words
    reports = {None: None, True: on, False: off}[options.status_report]
    trusted = {None: None, True: "true", False: "false"}[options.trusted_number]
    given = [
        ("status-report-req", reports),
        ("ttl", options.ttl),
        ("callback", options.callback),
        ("message-class", options.message_class),
        ("client-ref", options.client_ref),
        ("account-ref", options.account_ref),
        ("entity-id", options.entity_id),
        ("content-id", options.content_id),
        ("trusted-number", trusted),
        ("pool-id", options.pool_id),
    ]
    parameters = [(name, str(value)) for name, value in given if value is not None]
    for name, _ in parameters:
        if name in known.absent:
            raise Mendable(f"{name}: this provider has no such option ({known.document}).", field=name)
    return parameters


def _binary(binary: Binary) -> list[tuple[str, str]]:
    octets = len(binary.udh) + len(binary.body)
    if not octets:
        raise Mendable("body: a binary message needs a body, a udh, or both.", field="body")
    if octets > BINARY_OCTETS:
        raise Mendable(
            f"body: udh and body together have {octets} octets. One binary message holds {BINARY_OCTETS}.",
            field="body",
        )
    parameters = [(name, value.hex().upper()) for name, value in (("udh", binary.udh), ("body", binary.body))]
    parameters = [(name, value) for name, value in parameters if value]
    if binary.protocol_id is not None:
        if not 0 <= binary.protocol_id <= 255:
            raise Mendable(f"protocol-id: {binary.protocol_id} is not 0 to 255.", field="protocol-id")
        parameters.append(("protocol-id", str(binary.protocol_id)))
    return parameters


def _wap_push(push: WapPush) -> list[tuple[str, str]]:
    for name, value in (
        ("created", push.created),
        ("expires", push.expires),
        ("action", push.action),
        ("id", push.si_id),
    ):
        if value is not None:
            raise Mendable(
                f"{name}: the API's own WAP Push can't carry it. Leave it out, or send it as binary.",
                field=name,
            )
    parameters = [("title", push.title), ("url", push.url)]
    if push.validity_ms is not None:
        if not 1 <= push.validity_ms <= 2**31 - 1:
            raise Mendable(
                f"validity: {push.validity_ms} ms is out of range. It is 1 or more.", field="validity"
            )
        parameters.append(("validity", str(push.validity_ms)))
    return parameters
