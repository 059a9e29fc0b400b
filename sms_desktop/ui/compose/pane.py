"""Where a message is written and sent. Stands under the timeline; made by the conversation page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.encoding import gsm7
from sms_desktop.messages.addresses import sender as checked_sender
from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.messages.kinds import Kind, Text, Unicode
from sms_desktop.settings.profiles import Profile
from sms_desktop.store.drafts import Draft
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.drafts import DraftKeeper
from sms_desktop.ui.compose.editor import LONGEST, MessageEditor
from sms_desktop.ui.compose.kind_tabs import KindTabs
from sms_desktop.ui.compose.measure import measure
from sms_desktop.ui.compose.meter import Meter
from sms_desktop.ui.compose.send_button import SendButton
from sms_desktop.ui.compose.sender_box import SenderBox
from sms_desktop.ui.compose.sending import Sending
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import clock, now_us

if TYPE_CHECKING:
    from sms_desktop.services.outbox import Compose, Outbox

MARGIN = 20
_SPREADS, _KEEPS = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum
_SENTENCE = 36  # characters: a narrower place for a notice makes it too many lines


class ComposePane(QWidget):
    """Kind tabs, editor, meter, sender and Send.

    Signals: `sent(party, message)`, after the store has the message (`party` as typed); `recipient_wanted()`,
    the number is missing or wrong: the field for it should get the focus.
    """

    sent = Signal(str, str)
    recipient_wanted = Signal()

    def __init__(
        self,
        *,
        profile: Profile,
        outbox: Outbox,
        tasks: TaskRunner,
        drafts: DraftKeeper,
        typed_recipient: Callable[[], str],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._usual_sender = profile.sender
        self._drafts = drafts
        self._typed_recipient = typed_recipient
        self._appearance = appearance
        self._party = ""
        self._text = ""
        self._parts = 0
        self._loading = False
        self._waits_for: str | None = None
        self._note: str | None = None
        self._problem: str | None = None
        self._sending = Sending(profile, outbox=outbox, tasks=tasks, parent=self)

        self.tabs = KindTabs(appearance=appearance)
        self.editor = MessageEditor(appearance=appearance)
        self.meter = Meter(appearance=appearance)
        self.sender_box = SenderBox(profile.sender, appearance=appearance)
        self.sender_field = self.sender_box.edit
        self.sender_field.setAccessibleName(self.tr("From"))
        self._from = QLabel(self.tr("From"))
        self._from.setBuddy(self.sender_field)
        self._saved = QLabel()
        self._saved.setObjectName("draft_note")
        self._notice = IconLabel(appearance=appearance, icon="warning", caption=True)
        self._notice.setObjectName("compose_notice")
        self.send_button = SendButton(profile, appearance=appearance)
        self._lay_out()
        self._restyle()

        self.editor.textChanged.connect(self._text_changed)
        self.editor.refused.connect(self._paste_refused)
        self.tabs.chosen.connect(self._kind_chosen)
        self.meter.cures.replace_asked.connect(self._replace)
        self.meter.cures.unicode_asked.connect(lambda: self.choose_kind(Kind.UNICODE))
        self.meter.cures.text_asked.connect(lambda: self.choose_kind(Kind.TEXT))
        self.meter.cures.loss_accepted.connect(self._loss_accepted)
        self.sender_field.textChanged.connect(self._sender_changed)
        self.send_button.clicked.connect(self.send)
        self._sending.done.connect(self._done)
        self._sending.refused.connect(self._refuse)
        drafts.loaded.connect(self._draft_loaded)
        drafts.saved.connect(self._draft_saved)
        appearance.changed.connect(self._restyle)
        self._measure()

    @property
    def party(self) -> str:
        """To whom the message goes; "" while that is typed in the head."""
        return self._party

    # What the page asks

    def open(self, party: str, name: str) -> None:
        """Write to `party`, beginning with its draft; `name` is how it is called."""
        if self._loading and self._text:
            self._drafts.add_behind(self._party, self.tabs.kind, self._text)
        self._drafts.flush()
        self._party = party
        self._loading = True
        self._saved.clear()
        self._problem = None
        self._put("", Kind.TEXT)
        words = self.tr("Message to %1").replace("%1", name) if party else self.tr("Message")
        self.editor.setPlaceholderText(words)
        self._drafts.load(party)

    def finish(self) -> None:
        """Save what is typed: the window closes."""
        if self._loading and self._text:
            self._drafts.save_behind(self._party, self.tabs.kind, self._text)
        self._drafts.flush()

    def changed_sender(self) -> str | None:
        """What stands under From, None where it is the profile's usual sender."""
        typed = self.sender_field.text()
        return None if typed == self._usual_sender else typed

    def show_senders(self, numbers: tuple[str, ...]) -> None:
        """Offer the account's own numbers under From."""
        self.sender_box.show_choices(numbers)

    def take(self, text: str, kind: Kind) -> None:
        """Put the text of a message back into the editor, before what is typed there already."""
        typed = self._text
        self.choose_kind(kind)
        whole = f"{text}\n{typed}" if typed and typed != text else text
        self.editor.replace_text(whole, len(text))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_kind(self, kind: Kind) -> None:
        """Write as another kind; the text goes along."""
        if kind is not self.tabs.kind:
            self.tabs.show_kind(kind)
            self._kind_chosen(kind)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_waiting(self, waits_for: str | None) -> None:
        """Say what keeps the sender; None: nothing does."""
        if waits_for != self._waits_for:
            self._waits_for = waits_for
            self._show_notice()
            self._show_send()

    @Slot()
    def send(self) -> None:
        """Send what is written, or say in words why not. Pressing twice is one message."""
        self._drafts.flush()
        self._sending.send(
            to=self._party or self._typed_recipient(),
            sender=self.sender_field.text(),
            text=self._text,
            kind=self.tabs.kind,
            accept_loss=self.meter.cures.as_is.isChecked(),
        )

    # Slots

    @Slot()
    def _text_changed(self) -> None:
        mended = self.editor.mend()
        text = self.editor.text()
        if text == self._text and not mended:
            return
        self._text = text
        self._problem = None
        self._note = self.tr("Half of a character was taken out: it can't be sent.") if mended else None
        self.meter.cures.reset_loss()
        if not self._loading:
            self._drafts.note(self._party, self.tabs.kind, text)
            self._saved.clear()
        self._measure()
        self._show_notice()

    @Slot(int)
    def _paste_refused(self, characters: int) -> None:
        words = self.tr("The clipboard holds %1 characters, and the field at most %2. Nothing was pasted.")
        self._note = words.replace("%1", f"{characters:,}").replace("%2", f"{LONGEST:,}")
        self._measure()

    @Slot(object)
    def _kind_chosen(self, kind: Kind) -> None:
        self.meter.cures.reset_loss()
        self._note = self._problem = None
        if self._text and not self._loading:
            self._drafts.note(self._party, kind, self._text)
        self._measure()
        self._show_notice()

    @Slot()
    def _replace(self) -> None:
        from sms_desktop.encoding.transliteration import transliterate

        caret = self.editor.caret()
        self.editor.replace_text(transliterate(self._text), len(transliterate(self._text[:caret])))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _loss_accepted(self, _accepted: bool) -> None:
        self._problem = None
        self._measure()
        self._show_notice()

    @Slot()
    def _sender_changed(self) -> None:
        self._problem = None
        self._show_notice()

    @Slot(str, object)
    def _draft_loaded(self, party: str, draft: Draft | None) -> None:
        if party != self._party or not self._loading:
            return
        typed = self._text
        self._loading = False
        if draft is not None and draft.text:
            self._put(draft.text + typed, draft.kind)
            self._saved.setText(self.tr("Draft"))
        if typed:
            self._drafts.note(party, self.tabs.kind, self._text)

    @Slot(str)
    def _draft_saved(self, party: str) -> None:
        if party == self._party and self._text:
            self._saved.setText(self.tr("Draft saved %1").replace("%1", clock(now_us())))

    @Slot(object, str)
    def _done(self, compose: Compose, message: str) -> None:
        party = self._party
        if isinstance(compose.content, Text | Unicode) and self._text == compose.content.text:
            self._drafts.forget(party)
            self._put("", self.tabs.kind)
        else:  # typed on meanwhile: sending removed the draft from the store
            self._drafts.save_again(party)
        if party:
            self._drafts.save_again("")
        self._problem = None
        self._saved.clear()
        self._show_notice()
        self.sent.emit(compose.to, message)

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self._saved.setFont(fonts.caption)
        for label in (self._from, self._saved):
            set_ink(label, self._appearance.theme.text2)
        self.sender_box.fit()
        self._show_notice()
        self.update()

    # Inside

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 8, MARGIN, 10)
        body.setSpacing(6)
        body.addWidget(self.editor)
        body.addWidget(self.meter)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._from)
        row.addWidget(self.sender_box)
        row.addWidget(self._saved)
        self._spring = QSpacerItem(0, 0)
        row.addItem(self._spring)
        self._notice.setWordWrap(True)
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._notice, 1)
        row.addWidget(self.send_button)
        body.addLayout(row)
        self._body, self._row = body, row
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)  # the hairline above
        layout.setSpacing(0)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(MARGIN - 4, 0, MARGIN, 0)
        tabs.addWidget(self.tabs)
        layout.addLayout(tabs)
        layout.addLayout(body)

    @Slot(object)
    def _refuse(self, error: SmsDesktopError) -> None:
        self._problem = f"{error.message} {error.hint}" if error.hint else error.message
        self._show_notice()
        match error.field:
            case "to":
                self.recipient_wanted.emit()
            case "from":
                self.sender_field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.sender_field.selectAll()
            case _:
                self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
                self._select_offender()

    def _select_offender(self) -> None:
        if self.tabs.kind is not Kind.TEXT:
            return
        spans = gsm7.unsupported_spans(self._text)
        if spans:
            self.editor.select_characters(spans[0][0], 1)

    def _put(self, text: str, kind: Kind) -> None:
        """Show a text that needs no saving."""
        loading, self._loading = self._loading, True
        self.tabs.show_kind(kind)
        self.editor.set_text(text)
        self._loading = loading
        self._measure()

    def _measure(self) -> None:
        kind = self.tabs.kind
        shown = measure(self._text, kind, accept_loss=self.meter.cures.as_is.isChecked())
        self.editor.show_marks(kind is Kind.TEXT and bool(shown.offenders))
        self.meter.show_measure(shown, note=self._note)
        self._parts = shown.parts if self._text else 0
        self._show_send()

    def _show_send(self) -> None:
        self.send_button.show_parts(self._parts, queues=self._waits_for is not None)

    def _show_notice(self) -> None:
        words, icon, tone = self._notice_words()
        if words == self._notice.text():
            return
        self._notice.show_words(words, icon=icon, tone=tone)
        self._saved.setVisible(not words)
        self._place_notice()

    def _notice_words(self) -> tuple[str, str, Tone]:
        if self._problem is not None:
            return self._problem, "warning", "warn"
        if (problem := self._sender_problem()) is not None:
            return problem, "warning", "warn"
        if self._waits_for is not None:
            words = self.tr("Goes out later. Waiting for: %1").replace("%1", self._waits_for)
            return words, "queue", "quiet"
        return "", "warning", "quiet"

    def _sender_problem(self) -> str | None:
        typed = self.sender_field.text()
        if not typed.strip():
            return None  # said when Send is pressed
        try:
            found = checked_sender(typed)
        except Mendable as error:
            return error.message
        if found.spaces_dropped:
            return self.tr("From: goes as %1, without spaces.").replace("%1", found.value)
        return None

    def _place_notice(self) -> None:
        """Beside Send where there is room for a sentence, else in a line of its own above."""
        used = self._from.sizeHint().width() + self.sender_box.width() + self.send_button.sizeHint().width()
        room = self.width() - 2 * MARGIN - used - 40
        beside = room >= self._notice.fontMetrics().averageCharWidth() * _SENTENCE
        if beside != (self._row.indexOf(self._notice) >= 0):
            self._row.removeWidget(self._notice)
            self._body.removeWidget(self._notice)
            if beside:
                self._row.insertWidget(self._row.count() - 1, self._notice, 1)
            else:
                self._body.insertWidget(self._body.count() - 1, self._notice)
            self._spring.changeSize(0, 0, _SPREADS if not beside else _KEEPS)
            self._row.invalidate()
        self._notice.setVisible(beside or bool(self._notice.text()))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look where the notice fits."""
        super().resizeEvent(event)
        self._place_notice()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairlines above and under the tabs."""
        painter = QPainter(self)
        theme = self._appearance.theme
        painter.fillRect(self.rect(), theme.window)
        painter.fillRect(0, 0, self.width(), 1, theme.line)
        painter.fillRect(0, self.tabs.geometry().bottom(), self.width(), 1, theme.line)
