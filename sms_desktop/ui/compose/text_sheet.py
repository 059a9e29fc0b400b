"""The pane of Text and Unicode: the editor, the part map, and the meter that explains what the text costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from sms_desktop.encoding import gsm7
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.editor import LONGEST, MessageEditor
from sms_desktop.ui.compose.measure import measure
from sms_desktop.ui.compose.meter import Meter
from sms_desktop.ui.compose.sheet import Sheet

if TYPE_CHECKING:
    from sms_desktop.encoding.segments import SegmentCount
    from sms_desktop.services.prices import Price
    from sms_desktop.ui.compose.part_map_strip import PartMapStrip
    from sms_desktop.ui.compose.suggestions import Hands

_LENS_MS = 120


class TextSheet(Sheet):
    """Editor, part map and meter. Which of the two kinds it writes is chosen by the tabs."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.TEXT, parent)
        self._text = ""
        self._note: str | None = None
        self._parts = 0
        self._price: Price | None = None
        self._appearance = appearance
        self._strip: PartMapStrip | None = None
        self._lens = QTimer(self)
        self._lens.setSingleShot(True)
        self._lens.setInterval(_LENS_MS)
        self._lens.timeout.connect(self._look)
        self.editor = MessageEditor(appearance=appearance, describe=self.words)
        self.meter = Meter(appearance=appearance)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.editor)
        layout.addWidget(self.meter)
        self.setFocusProxy(self.editor)
        self.editor.textChanged.connect(self._text_changed)
        self.editor.refused.connect(self._paste_refused)
        self.editor.menu_wanted.connect(self._add_suggestions)
        self.editor.suggestions_wanted.connect(self.suggest)
        self.meter.cures.more_asked.connect(self.suggest)
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

    def show_price(self, price: Price | None) -> None:
        """Show what the parts cost."""
        self._price = price
        self.meter.show_price(price)

    @property
    def explains(self) -> frozenset[str]:
        """The meter tells about text and type, with what mends them."""
        return frozenset({"text", "type"})

    def show_map(self, shown: bool) -> None:
        """Open or close the part map; it is worked out only while it is open."""
        if shown and self._strip is None:
            from sms_desktop.ui.compose.part_map_strip import PartMapStrip  # not before it is opened

            self._strip = PartMapStrip(appearance=self._appearance)
            self._column.insertWidget(1, self._strip)
            QWidget.setTabOrder(self.editor, self._strip.map)
            self._strip.chosen.connect(self.editor.put_caret)
            self.editor.cursorPositionChanged.connect(self._caret_moved)
        if self._strip is not None:
            self._strip.setVisible(shown)
            self._show_in_map()

    def words(self, position: int) -> str:
        """What there is to tell about a character of the text, by its position in code points."""
        from sms_desktop.encoding.segment_map import segment_map  # not before somebody points at it
        from sms_desktop.ui.compose.character_words import described
        from sms_desktop.ui.compose.part_map_strip import encoding_of

        whole = segment_map(self._text, encoding=encoding_of(self._kind, accept_loss=self.accepts_loss))
        if position >= len(whole):
            return ""
        return described(whole[position], whole, unicode=self._kind is Kind.UNICODE)

    @Slot()
    def suggest(self) -> None:
        """Open the menu of what can be done about the character at the caret, and about the text."""
        from sms_desktop.ui.compose.suggestions import nearest_cause, suggestions

        position = nearest_cause(self._text, self._kind, self.editor.caret())
        if position is not None:
            self.editor.select_characters(position, 1)
        menu = suggestions(
            self._text, self._kind, position, hands=self._hands(), price=self._price, parent=self
        )
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.editor.viewport().mapToGlobal(self.editor.cursorRect().bottomLeft()))
        usable = next((action for action in menu.actions() if action.isEnabled()), None)
        if usable is not None:
            menu.setActiveAction(usable)

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

    @Slot(object, int)
    def _add_suggestions(self, menu: QMenu, position: int) -> None:
        from sms_desktop.ui.compose.suggestions import add_entries

        add_entries(menu, self._text, self._kind, position, hands=self._hands(), price=self._price)

    @Slot()
    def _look(self) -> None:
        from sms_desktop.encoding.suspicious import suspicious

        self.editor.show_suspicions(suspicious(self._text))

    @Slot()
    def _caret_moved(self) -> None:
        if self._strip is not None and self._strip.isVisible() and self.editor.text() == self._text:
            self._strip.show_caret(self.editor.caret())

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

    def _hands(self) -> Hands:
        from sms_desktop.ui.compose.suggestions import Hands

        def replace_all(text: str) -> None:
            self.editor.replace_text(text, min(self.editor.caret(), len(text)))

        return Hands(self.editor.replace_characters, replace_all, self.kind_asked.emit)

    def _measure(self) -> None:
        counted = self._show_in_map()
        shown = measure(self._text, self._kind, accept_loss=self.accepts_loss, counted=counted)
        self.editor.show_parts(shown.ends, offending=self._kind is Kind.TEXT and bool(shown.offenders))
        self.meter.show_measure(shown, note=self._note)
        self._parts = shown.parts if self._text else 0
        self._lens.start()

    def _show_in_map(self) -> tuple[SegmentCount, tuple[int, ...]] | None:
        """Show the map, if it is open; return what was counted for it."""
        if self._strip is None or self._strip.isHidden():
            return None
        return self._strip.show_text(
            self._text, self._kind, accept_loss=self.accepts_loss, caret=self.editor.caret()
        )
