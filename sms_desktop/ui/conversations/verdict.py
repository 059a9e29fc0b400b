"""What needs a decision: why a message is where it is, what follows, and what can be done.

Asked by bubbles and menus.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.states import WAITING, State
from sms_desktop.ui.times import clock

if TYPE_CHECKING:
    from sms_desktop.messages.explanations import Explanation
    from sms_desktop.store.messages import MessageRow, PartRow

_SETTLED_BADLY = (State.FAILED, State.REJECTED, State.EXPIRED, State.REFUSED, State.PARTIAL)


class BubbleAction(StrEnum):
    """What can be done with a message in the timeline."""

    RETRY = "retry"
    RESEND = "resend"
    ARRIVED = "arrived"
    EDIT = "edit"
    AGAIN = "again"
    TRY_NOW = "try_now"
    CANCEL = "cancel"
    SHOW_ALL = "show_all"
    COPY = "copy"


ACTION_ICONS = {
    BubbleAction.RETRY: "retry",
    BubbleAction.RESEND: "retry",
    BubbleAction.ARRIVED: "ok",
    BubbleAction.EDIT: "compose",
    BubbleAction.AGAIN: "compose",
    BubbleAction.TRY_NOW: "retry",
    BubbleAction.CANCEL: "close",
    BubbleAction.SHOW_ALL: "chevron-down",
    BubbleAction.COPY: "copy",
}


class Verdict(NamedTuple):
    """The footer of a bubble.

    Its state, a head in words, cause and consequence, and at most three actions.
    """

    state: State
    head: str
    body: str
    actions: tuple[BubbleAction, ...]


def action_label(action: BubbleAction) -> str:
    """What a button or menu entry says."""
    match action:
        case BubbleAction.RETRY:
            return _tr("Retry")
        case BubbleAction.RESEND:
            return _tr("Resend (may arrive twice)")
        case BubbleAction.ARRIVED:
            return _tr("It arrived")
        case BubbleAction.AGAIN:
            return _tr("Write the same again")
        case BubbleAction.EDIT:
            return _tr("Edit and resend")
        case BubbleAction.TRY_NOW:
            return _tr("Try now")
        case BubbleAction.CANCEL:
            return _tr("Cancel")
        case BubbleAction.SHOW_ALL:
            return _tr("Show all")
        case BubbleAction.COPY:
            return _tr("Copy message")


def may_cancel(row: MessageRow) -> bool:
    """True while a message waits and nothing of it is on its way."""
    return not row.inbound and row.state in (State.QUEUED, State.NOT_SENT, State.THROTTLED)


def actions_of(row: MessageRow, waits_for: str | None) -> tuple[BubbleAction, ...]:
    """Everything that can be done with a message, the verdict's own actions first."""
    verdict = verdict_of(row, waits_for)
    actions = list(verdict.actions) if verdict is not None else []
    if may_cancel(row) and BubbleAction.CANCEL not in actions:
        actions.append(BubbleAction.CANCEL)
    if not row.inbound and BubbleAction.EDIT not in actions:
        actions.append(BubbleAction.AGAIN)
    return (*actions, BubbleAction.COPY)


def verdict_of(row: MessageRow, waits_for: str | None) -> Verdict | None:
    """The footer of a message, or None where all goes its way.

    `waits_for` is what keeps the sender, in words.
    """
    if row.inbound:
        return None
    if row.state in _SETTLED_BADLY:
        return _bad(row)
    if row.state is State.UNCERTAIN:
        words = _explained(None, row)
        return Verdict(
            row.state, _tr(words.head), _tr(words.body), (BubbleAction.ARRIVED, BubbleAction.RESEND)
        )
    if row.state is State.NOT_SENT and row.next_try_us is None:
        body = f"{row.reason or ''} " + _tr("It is not tried again by itself.")
        return Verdict(State.FAILED, _tr("Not sent"), body.strip(), _AGAIN)
    if row.state in WAITING and row.state is not State.SENDING:
        return _waiting(row, waits_for)
    return None


def _bad(row: MessageRow) -> Verdict:
    bad = next((part for part in row.parts if part.state in _SETTLED_BADLY), None)
    delivered = sum(1 for part in row.parts if part.state is State.DELIVERED)
    words = _explained(bad, row)
    if row.state is not State.PARTIAL:
        return Verdict(row.state, _tr(words.head), _tr(words.body), _AGAIN)
    head = (
        _tr("Partly delivered: %1 of %2 parts")
        .replace("%1", str(delivered))
        .replace("%2", str(row.parts_total))
        if delivered
        else _tr("Partly refused")
    )
    which = ""
    if bad is not None:
        which = _tr("Part %1: %2.").replace("%1", str(bad.index)).replace("%2", words.head)
    return Verdict(row.state, head, f"{which} {_tr(words.body)}".strip(), _AGAIN)


_AGAIN = (BubbleAction.RETRY, BubbleAction.EDIT)


def _explained(part: PartRow | None, row: MessageRow) -> Explanation:
    from sms_desktop.messages.explanations import explain  # with the tables of codes, at the first bad news

    if part is None:
        return explain(row.state, reason=row.reason)
    return explain(
        part.state if row.state is State.PARTIAL else row.state,
        status=part.status,
        error_text=part.error_text,
        word=part.word,
        err_code=part.err_code,
        reason=row.reason,
    )


def _waiting(row: MessageRow, waits_for: str | None) -> Verdict | None:
    if row.state is State.QUEUED and not waits_for:
        return None  # it is about to go
    words = _explained(None, row)
    body = _tr(words.body)
    if row.state is State.QUEUED:
        body = _tr("It goes out by itself. Waiting for: %1").replace("%1", waits_for or "")
    elif row.next_try_us is not None:
        body = f"{body} " + _tr("Next try at %1.").replace("%1", clock(row.next_try_us, seconds=True))
    return Verdict(row.state, _tr(words.head), body, (BubbleAction.TRY_NOW, BubbleAction.CANCEL))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Verdict", text)
