"""Messages as scripts and people see them on the command line. Used by messages, conversations, export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sms_desktop.cli.words import visible
from sms_desktop.messages.explanations import explain
from sms_desktop.messages.states import STATE_WORDS
from sms_desktop.store.attempts import AttemptRow
from sms_desktop.store.conversations import ConversationRow
from sms_desktop.store.messages import MessageRow, PartRow

_LONGEST_LINE = 60


def moment(us: int | None) -> str | None:
    """UTC microseconds as RFC 3339, or None."""
    return None if us is None else datetime.fromtimestamp(us / 1e6, UTC).isoformat().replace("+00:00", "Z")


def message_document(row: MessageRow) -> dict[str, Any]:
    """A message with every part."""
    return {
        "id": row.id,
        "profile": row.profile,
        "direction": "in" if row.inbound else "out",
        "kind": row.kind,
        "number": row.party,
        "own": row.own,
        "text": row.text,
        "state": row.state,
        "created": moment(row.created_us),
        "reason": row.reason,
        "next_try": moment(row.next_try_us),
        "undo_until": moment(row.not_before_us),
        "arrived_by_word": moment(row.arrived_us),
        "resent_as": row.resent_as,
        "contradicted": row.contradicted,
        "incomplete": row.incomplete,
        "parts_total": row.parts_total,
        "parts": [_part(part) for part in row.parts],
    }


def _part(part: PartRow) -> dict[str, Any]:
    return {
        "index": part.index,
        "state": part.state,
        "message_id": part.gateway_id,
        "status": part.status,
        "error_text": part.error_text,
        "price": part.price,
        "network": part.network,
        "receipt": None
        if part.word is None
        else {"status": part.word, "err_code": part.err_code, "scts": part.scts},
        "contradicted": part.contradicted,
        "text": part.text,
    }


def attempt_documents(requests: list[list[AttemptRow]]) -> list[dict[str, Any]]:
    """Every attempt with its evidence: the answer's parts, and each part's receipts."""
    return [
        {
            "request": number,
            "no": attempt.no,
            "outcome": attempt.outcome,
            "client_ref": attempt.client_ref,
            "started": moment(attempt.started_us),
            "http_status": attempt.http_status,
            "reason": attempt.reason,
            "parts": [
                {
                    "message_id": facts.gateway_id,
                    "status": facts.part.status,
                    "receipts": [
                        {
                            "status": receipt.word,
                            "err_code": receipt.err_code,
                            "scts": receipt.scts,
                            "decides": receipt == facts.part.deciding,
                        }
                        for receipt in facts.part.receipts
                    ],
                }
                for facts in attempt.parts
            ],
        }
        for number, attempt in _numbered(requests)
    ]


def attempt_lines(requests: list[list[AttemptRow]]) -> Iterator[str]:
    """The same for people."""
    for number, attempt in _numbered(requests):
        of = f" of request {number}" if len(requests) > 1 else ""
        http = "" if attempt.http_status is None else f", HTTP {attempt.http_status}"
        yield (
            f"  attempt {attempt.no}{of} at {moment(attempt.started_us)}: {attempt.outcome}{http}, "
            f"client-ref {visible(attempt.client_ref)}"
        )
        for facts in attempt.parts:
            for receipt in facts.part.receipts:
                decides = "  <- decides" if receipt == facts.part.deciding else ""
                said = " ".join(map(visible, (receipt.word, receipt.err_code, receipt.scts)))
                yield f"    receipt for {visible(facts.gateway_id or '')}: {said}{decides}"


def _numbered(requests: list[list[AttemptRow]]) -> Iterator[tuple[int, AttemptRow]]:
    for number, tried in enumerate(requests, start=1):
        for attempt in tried:
            yield number, attempt


def message_line(row: MessageRow) -> str:
    """A message in a line: when, which way, whom, state, text, id."""
    when = (moment(row.created_us) or "")[:16].replace("T", " ")
    arrow = "<-" if row.inbound else "->"
    text = visible(row.text)
    if len(text) > _LONGEST_LINE:
        text = text[: _LONGEST_LINE - 1] + "…"
    marks = "".join(
        f" [{word}]"
        for word, holds in (
            ("contradicted", row.contradicted),
            ("incomplete", row.incomplete),
            ("said to have arrived", row.arrived_us is not None),
            ("sent again", row.resent_as is not None),
        )
        if holds
    )
    return f"{when}  {arrow} {row.party:<15}  {row.state:<10}{marks}  {text}  {row.id}"


def message_lines(row: MessageRow) -> str:
    """A message for people: what became of it, in words, and each part."""
    part = next((part for part in row.parts if part.state is row.state), row.parts[0] if row.parts else None)
    lines = [message_line(row)]
    if row.inbound:
        lines += [
            f"  part {each.index} of {row.parts_total}: "
            + ("has not arrived" if each.text is None else visible(each.text))
            for each in row.parts
            if row.parts_total > 1
        ]
        return "\n".join(lines)
    told = explain(
        row.state,
        status=part.status if part else None,
        error_text=part.error_text if part else None,
        word=part.word if part else None,
        err_code=part.err_code if part else None,
        reason=row.reason,
        waits=row.next_try_us is not None,
    )
    lines.append(f"  {told.head}. {told.body}".rstrip())
    if row.arrived_us is not None:
        lines.append(f"  A person said at {moment(row.arrived_us)} that it arrived.")
    if row.resent_as is not None:
        lines.append(f"  Sent again as {row.resent_as}.")
    for each in row.parts:
        word = STATE_WORDS[each.state].lower()
        said = " ".join(visible(part or "") for part in (each.word, each.err_code, each.scts))
        receipt = f", receipt {said}" if each.word else ""
        lines.append(f"  part {each.index} of {row.parts_total}: {word}, id {each.gateway_id}{receipt}")
    return "\n".join(lines)


def conversation_document(row: ConversationRow) -> dict[str, Any]:
    """A conversation as the list shows it."""
    return {
        "id": row.id,
        "profile": row.profile,
        "number": row.party,
        "last": moment(row.last_us),
        "unread": row.unread,
        "direction": "in" if row.inbound else "out",
        "kind": row.kind,
        "text": row.last_text,
        "state": row.state,
        "draft": row.draft,
    }


def conversation_line(row: ConversationRow) -> str:
    """A conversation in a line."""
    when = (moment(row.last_us) or "")[:16].replace("T", " ")
    unread = f"({row.unread})" if row.unread else ""
    said = f"Draft: {visible(row.draft)}" if row.draft else visible(row.last_text)
    return f"{when}  {row.party:<15}  {unread:<5}{row.state:<10}  {said[:_LONGEST_LINE]}"
