"""The words of a conversation's row: its second line and what a screen reader says.

Called by list model and delegate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.states import State
from sms_desktop.services.handsets import Handset
from sms_desktop.ui.states import in_sentence, state_word
from sms_desktop.ui.times import list_time, now_us

if TYPE_CHECKING:  # comes from the store, after the first paint
    from sms_desktop.store.conversations import ConversationRow


def you() -> str:
    """What stands before a line of our own."""
    return QCoreApplication.translate("ConversationList", "You:")


def draft_word() -> str:
    """What stands before a line that was typed and not sent."""
    return QCoreApplication.translate("ConversationList", "Draft:")


def initials(name: str) -> str:
    """The first letters of a name's first and last word, in capitals; one of a script without words."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2] if words[0].isascii() else "")
    return letters.upper()


LONGEST_LINE = 200
"""Characters that a row shows at most: measuring a long text at each key press would take milliseconds."""


def second_line(row: ConversationRow | Handset, draft: Draft | None) -> tuple[str, str]:
    """The word in front (may be empty) and the line itself."""
    if draft is not None:
        return draft_word(), _line(draft.kind, draft.text)
    if isinstance(row, Handset):
        return "", row.note
    return ("" if row.inbound else you()), _line(row.kind, row.last_text)


def _line(kind: Kind, text: str) -> str:
    from sms_desktop.ui.conversations.content_words import content_line  # not before there is a row

    shown = text[:LONGEST_LINE] if kind in {Kind.TEXT, Kind.UNICODE} else text
    return content_line(kind, shown)[:LONGEST_LINE]


def spoken_row(row: ConversationRow, name: str, draft: Draft | None) -> str:
    """One line for a screen reader: who, what, state, when, unread."""
    front, line = second_line(row, draft)
    said = [name, f"{front} {line}".strip()]
    if not row.inbound and row.state is not State.RECEIVED and draft is None:
        said.append(in_sentence(state_word(row.state)))
    said.append(list_time(row.last_us, now_us()))
    if row.unread:
        said.append(QCoreApplication.translate("ConversationList", "%n unread", "", row.unread))
    return ", ".join(part for part in said if part)


def spoken_handset(handset: Handset, draft: Draft | None) -> str:
    """One line for a screen reader about a handset that nobody has written to."""
    front, line = second_line(handset, draft)
    return ", ".join((handset.name, f"{front} {line}".strip()))
