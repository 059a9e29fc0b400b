"""Begins the drafts that an `sms:` link asks for, one a number, and sends none. Used by the main window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from sms_desktop.encoding import gsm7
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.conversations.page import ConversationPage

if TYPE_CHECKING:  # read at first use
    from sms_desktop.messages.links import Link


class LinkDrafts(QObject):
    """The first number's draft is shown at once, the next one when that was sent, and so on.

    All are kept as drafts from the beginning. `show_party` opens a conversation, "" the message to nobody.
    Signal: `noted(trouble)`, what to say about the numbers that wait; None when none does.
    """

    noted = Signal(object)

    def __init__(
        self, *, page: ConversationPage, show_party: Callable[[str], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._page = page
        self._show_party = show_party
        self._shown: str | None = None
        self._waiting: list[str] = []
        page.compose.sent.connect(self._sent)

    def begin(self, link: Link) -> None:
        """Begin the drafts of `link`, each behind what was typed for its number before."""
        kind = Kind.UNICODE if gsm7.unsupported_spans(link.body) else Kind.TEXT
        first, *others = link.recipients or ("",)
        self._waiting = others
        for party in others:
            self._page.drafts.offer(party, kind, link.body, _nothing)
        self._page.drafts.offer(first, kind, link.body, lambda: self._show(first))

    def _show(self, party: str) -> None:
        self._shown = party
        if self._page.party == party:
            self._page.show_draft()
        else:
            self._show_party(party)
        self._page.refocus()
        self._say()

    @Slot()
    def _sent(self) -> None:
        if self._waiting and self._page.party == self._shown:
            self._show(self._waiting.pop(0))

    def _say(self) -> None:
        if not self._waiting:
            self.noted.emit(None)
            return
        from sms_desktop.background.status import Trouble

        head = self.tr("%n more number(s) in this link.", "", len(self._waiting))
        consequence = self.tr("Each gets a message of its own. The next one opens when this one is sent.")
        self.noted.emit(Trouble(head, consequence, "warning", None, 0))


def _nothing() -> None:
    """Nothing to show yet."""
