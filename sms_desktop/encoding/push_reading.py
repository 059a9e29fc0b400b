"""WAP Push read from any octets: Service Indications and Service Loadings, as WBXML or XML. For content.

WAP-167 (SI 1.0) and WAP-168 (SL 1.0) behind a WSP push PDU. wap_push builds them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from sms_desktop.encoding import wbxml, wsp
from sms_desktop.encoding.tree import Annotator, Field, octets_in_words
from sms_desktop.encoding.wbxml_tables import SERVICE_INDICATION, SERVICE_LOADING
from sms_desktop.encoding.wsp_tables import WBXML_TYPES, XML_TYPES


@dataclass(frozen=True, slots=True)
class PushContent:
    """What an inspected push says; None for what it does not say.

    Dates are `YYYY-MM-DDThh:mm:ssZ` when they were packed, else as they came. A Service Loading has neither
    text nor dates nor id.
    """

    type: Literal["wap_push_si", "wap_push_sl"]
    href: str | None = None
    text: str | None = None
    created: str | None = None
    expires: str | None = None
    action: str | None = None
    id: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        """The fields by name, in this order."""
        return asdict(self)


def inspect_push(annotator: Annotator, start: int, end: int) -> tuple[tuple[Field, ...], PushContent | None]:
    """The fields that cover `annotator.data[start:end]` exactly, and what the push says.

    The content is None when the octets are no Service Indication or Loading. What breaks a rule is noted in
    the annotator. Never raises.
    """
    header, pdu = wsp.parse(annotator, start, end)
    fields = [*header]
    if header:
        fields = [annotator.octets("WSP Push", start, pdu.body, pdu.content_type, header)]
    if pdu.body >= end:
        if pdu.content_type:
            annotator.problem(end, "The push has no body.")
        return tuple(fields), None
    if pdu.content_type in XML_TYPES:
        from sms_desktop.encoding import (
            push_xml,  # brings an XML parser along, for the few pushes that need it
        )

        root, is_whole = push_xml.decode(annotator, pdu.body, end, charset=pdu.charset)
        fields.append(annotator.octets("XML", pdu.body, end, root.name if root is not None else ""))
        if root is None:
            return tuple(fields), None
        return tuple(fields), _content(root, annotator, pdu.body, is_whole=is_whole)
    if pdu.content_type not in WBXML_TYPES:
        fields.append(annotator.octets("Body", pdu.body, end, octets_in_words(end - pdu.body)))
        return tuple(fields), None
    vocabulary = {
        "application/vnd.wap.sic": SERVICE_INDICATION,
        "application/vnd.wap.slc": SERVICE_LOADING,
    }.get(pdu.content_type)
    document, root = wbxml.decode(annotator, pdu.body, end, vocabulary=vocabulary, charset=pdu.charset)
    content = _content(root, annotator, pdu.body) if root is not None else None
    if document:
        fields.append(
            annotator.octets("WBXML", pdu.body, end, root.name if root is not None else "", document)
        )
    return tuple(fields), content


def _content(
    root: wbxml.Element, annotator: Annotator, at: int, *, is_whole: bool = True
) -> PushContent | None:
    if root.name == "sl":
        return PushContent("wap_push_sl", href=root.attribute("href"), action=root.attribute("action"))
    if root.name != "si":
        return None
    indications = [child for child in root.children if child.name == "indication"]
    if len(indications) != 1 and is_whole:
        annotator.problem(at, f"A Service Indication has one indication; this has {len(indications)}.")
    if not indications:
        return PushContent("wap_push_si")
    one = indications[0]
    return PushContent(
        "wap_push_si",
        href=one.attribute("href"),
        text=one.text or None,
        created=one.attribute("created") or None,
        expires=one.attribute("si-expires") or None,
        action=one.attribute("action"),
        id=one.attribute("si-id"),
    )
