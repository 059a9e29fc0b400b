"""The pane of Text and Unicode: the editor, and the meter that explains what the text costs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sms_desktop.encoding import gsm7
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.drafting import Written
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.editor import LONGEST, MessageEditor
from sms_desktop.ui.compose.measure import measure
from sms_desktop.ui.compose.meter import Meter
from sms_desktop.ui.compose.sheet import Sheet


class TextSheet(Sheet):
    """Editor and meter. Which of the two kinds it writes is chosen by the tabs."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.TEXT, parent)
        self._text = ""
        self._note: str | None = None
        self._parts = 0
        self.editor = MessageEditor(appearance=appearance)
        self.meter = Meter(appearance=appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.editor)
        layout.addWidget(self.meter)
        self.setFocusProxy(self.editor)
        self.editor.textChanged.connect(self._text_changed)
        self.editor.refused.connect(self._paste_refused)
        self.meter.cures.replace_asked.connect(self._replace)
        self.meter.cures.unicode_asked.connect(lambda: self.kind_asked.emit(Kind.UNICODE))
        self.meter.cures.text_asked.connect(lambda: self.kind_asked.emit(Kind.TEXT))
        self.meter.cures.loss_accepted.connect(self._loss_accepted)
        self._measure()

    @property
    def parts(self) -> int:
        """How many parts the text takes; 0 while there is none."""
        return self._parts

    @property
    def accepts_loss(self) -> bool:
        """Whether "Send as is" is ticked."""
        return self.meter.cures.as_is.isChecked()

    def draft(self) -> Draft:
        """The text."""
        return Draft(self._kind, self._text)

    def put(self, draft: Draft) -> None:
        """Show another text, as another kind perhaps, without history."""
        self._kind = draft.kind
        self._note = None
        self.meter.cures.reset_loss()
        self._text = draft.text
        if self.editor.text() != draft.text:
            self.editor.set_text(draft.text)
        self._measure()

    def insert(self, text: str, caret: int) -> None:
        """Show another text as one step that can be undone, the caret behind `caret` code points."""
        self.editor.replace_text(text, caret)

    def write_as(self, kind: Kind) -> None:
        """Write the same text as Text or as Unicode."""
        self._kind = kind
        self._note = None
        self.meter.cures.reset_loss()
        self._measure()

    def show_written(self, written: Written) -> None:
        """Nothing beyond what the meter shows at each key press."""

    def fields(self) -> Mapping[str, QWidget]:
        """The editor."""
        return {"text": self.editor}

    def focus(self, name: str) -> bool:
        """Put the caret into the text, at its first offending character."""
        if name != "text":
            return False
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        spans = gsm7.unsupported_spans(self._text) if self._kind is Kind.TEXT else []
        if spans:
            self.editor.select_characters(spans[0][0], 1)
        return True

    # Slots

    @Slot()
    def _text_changed(self) -> None:
        mended = self.editor.mend()
        text = self.editor.text()
        if text == self._text and not mended:
            return
        self._text = text
        self._note = self.tr("Half of a character was taken out: it can't be sent.") if mended else None
        self.meter.cures.reset_loss()
        self._measure()
        self.changed.emit()

    @Slot(int)
    def _paste_refused(self, characters: int) -> None:
        words = self.tr("The clipboard holds %1 characters, and the field at most %2. Nothing was pasted.")
        self._note = words.replace("%1", f"{characters:,}").replace("%2", f"{LONGEST:,}")
        self._measure()

    @Slot()
    def _replace(self) -> None:
        from sms_desktop.encoding.transliteration import transliterate

        caret = self.editor.caret()
        self.editor.replace_text(transliterate(self._text), len(transliterate(self._text[:caret])))
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _loss_accepted(self, _accepted: bool) -> None:
        self._measure()
        self.changed.emit()

    def _measure(self) -> None:
        shown = measure(self._text, self._kind, accept_loss=self.accepts_loss)
        self.editor.show_marks(self._kind is Kind.TEXT and bool(shown.offenders))
        self.meter.show_measure(shown, note=self._note)
        self._parts = shown.parts if self._text else 0
