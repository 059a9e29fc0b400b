"""What the window has to do with earlier drafts: read, show, put one back. Made when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from sms_desktop.messages.drafts import Draft, pane_of
from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import isolated, one_line
from sms_desktop.ui.compose.kind_tabs import kind_word
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.library.earlier_popup import EarlierPopup
from sms_desktop.ui.library.entries import Entry
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.times import clock, day, day_words, now_us

if TYPE_CHECKING:
    from sms_desktop.store.drafts import Former


class EarlierDesk(QObject):
    """Belongs to one page of the window; `end` puts it away when another profile is shown.

    Signals: `nobody_open()`, there is nothing to write to yet: a message to nobody is to be shown.
    """

    nobody_open = Signal()

    def __init__(
        self,
        window: QWidget,
        *,
        page: ConversationPage,
        reading: Reading,
        tasks: TaskRunner,
        appearance: Appearance,
    ) -> None:
        super().__init__(window)
        self._page = page
        self._reading = reading
        self._tasks = tasks
        self._caret: QWidget | None = None
        self._of: tuple[str, Kind] | None = None
        self.popup = EarlierPopup(window, anchor=page.compose.templates_button, appearance=appearance)
        self.popup.chosen.connect(self._put_back)
        self.popup.closed.connect(self._give_back)
        page.drafts.loaded.connect(self._look_elsewhere)

    def end(self) -> None:
        """Put it away."""
        self.popup.hide()
        self.popup.deleteLater()
        self.deleteLater()

    @Slot()
    def toggle(self) -> None:
        """Open the popup over the compose row, or close it."""
        if self.popup.isVisible():
            self.popup.close_popup()
            return
        if self._page.party is None:
            self.nobody_open.emit()
        focused = QApplication.focusWidget()
        inside = focused is not None and self._page.compose.isAncestorOf(focused)
        self._caret = focused if inside else None
        party, kind = self._of = self._shown()
        self.popup.open(self._title(kind))
        self._page.drafts.flush()
        # In the lane of the writing, behind what was just typed.
        self._tasks.run(
            lambda: self._reading.former_drafts(party, kind),
            lambda found: self._show(party, kind, found),
            self._failed,
            lane="writes",
        )

    def _shown(self) -> tuple[str, Kind]:
        return self._page.party or "", pane_of(self._page.compose.sheet.kind)

    def _title(self, kind: Kind) -> str:
        """Whose drafts these are; Text and Unicode share a pane."""
        word = f"{kind_word(kind)}, {kind_word(Kind.UNICODE)}" if kind is Kind.TEXT else kind_word(kind)
        title = self.tr("Earlier drafts to %1 (%2)").replace("%2", word)
        return title.replace("%1", isolated(one_line(self._page.name())))

    def _show(self, party: str, kind: Kind, found: tuple[Former, ...]) -> None:
        if not self.popup.isVisible() or self._of != (party, kind):
            return
        today, now = day(now_us()), self._page.compose.draft()
        self.popup.show_entries(
            tuple(
                Entry(f"{day_words(day(each.kept_us), today)}, {clock(each.kept_us)}", each.draft)
                for each in found
                if each.draft != now  # taken back, or undone: it stands there
            )
        )

    def _failed(self, error: SmsDesktopError) -> None:
        self.popup.show_trouble(error.message)

    @Slot(object)
    def _put_back(self, draft: Draft) -> None:
        if self._of == self._shown():
            self._page.compose.open_request(draft)
            self._page.drafts.flush()

    @Slot(str)
    def _look_elsewhere(self, _party: str) -> None:
        """Another conversation is written to: these drafts are not its own."""
        if self._of != self._shown():
            self.popup.hide()

    @Slot()
    def _give_back(self) -> None:
        if self._caret is not None and self._caret.isVisible():
            self._caret.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._page.refocus()
