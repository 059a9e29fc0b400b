"""Pages of events as a relay gives them, through the wire's own encoding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sms_desktop.relay.events import INBOUND, RECEIPT, Cursor, Event, Page, encode_page, parse_page

EPOCH = "00000000000000aa"
OTHER_EPOCH = "00000000000000bb"
_BEGAN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def receipt(gateway_id: str, status: str = "delivered", **fields: str) -> tuple[str, dict[str, str]]:
    """A delivery receipt; names of fields have `_` for `-`."""
    known = {
        "msisdn": "31612345678",
        "to": "Helpdesk",
        "messageId": gateway_id,
        "status": status,
        "err-code": "0",
        "scts": "2611211200",
        "api-key": "sandbox1",
    }
    return RECEIPT, known | _named(fields)


def inbound(text: str, gateway_id: str = "I1", **fields: str) -> tuple[str, dict[str, str]]:
    """A message to us; names of fields have `_` for `-`."""
    known = {
        "msisdn": "31612345678",
        "to": "Helpdesk",
        "messageId": gateway_id,
        "type": "text",
        "text": text,
        "api-key": "sandbox1",
    }
    return INBOUND, known | _named(fields)


def part(text: str, number: int, total: int, *, ref: str = "7", **fields: str) -> tuple[str, dict[str, str]]:
    """A part of a longer message to us."""
    place = {
        "concat": "true",
        "concat_ref": ref,
        "concat_total": str(total),
        "concat_part": str(number),
    }
    return inbound(text, fields.pop("gateway_id", f"I{ref}.{number}"), **(place | fields))


def page(
    *events: tuple[str, dict[str, str]],
    first: int = 1,
    epoch: str = EPOCH,
    head: int | None = None,
    hours: float = 0,
    numbers: list[int] | None = None,
    stream: str = "main",
    ids_of: str | None = None,
) -> Page:
    """A page of events numbered from `first` or by `numbers`, taken in `hours` after the first day's noon.

    `ids_of` is the log's life that first told them.
    """
    seqs = numbers or list(range(first, first + len(events)))
    last = seqs[-1] if seqs else first - 1
    made = Page(
        stream=stream,
        epoch=epoch,
        events=[
            Event(
                seq=seq,
                id=f"{ids_of or epoch}-{seq}",
                stream=stream,
                kind=kind,
                received_at=_BEGAN + timedelta(hours=hours, microseconds=seq),
                signature="unconfigured",
                duplicates=0,
                payload=payload,
            )
            for seq, (kind, payload) in zip(seqs, events, strict=True)
        ],
        next=str(Cursor(epoch, last)),
        head=last if head is None else head,
        oldest=1,
        has_more=head is not None and head > last,
        poll_after_ms=0,
    )
    return parse_page(encode_page(made))


def _named(fields: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in fields.items()}
