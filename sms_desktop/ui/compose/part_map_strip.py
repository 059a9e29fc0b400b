"""The part map, and under it what there is to tell about the caret's character. Made by the text sheet."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sms_desktop.encoding.segment_map import segment_map
from sms_desktop.encoding.segments import EncodingChoice, SegmentCount
from sms_desktop.encoding.ucs2 import code_unit_offsets
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.character_words import described
from sms_desktop.ui.compose.one_line import OneLine
from sms_desktop.ui.compose.part_map import PartMap


def encoding_of(kind: Kind, *, accept_loss: bool) -> EncodingChoice:
    """How a text of this kind is counted."""
    if kind is Kind.UNICODE:
        return "ucs2"
    return "gsm7" if accept_loss else "auto"


class PartMapStrip(QWidget):
    """Map and line.

    Signals: `chosen(position)`, the person took a character, in code points.
    """

    chosen = Signal(int)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = segment_map("")
        self._kind = Kind.TEXT
        self.map = PartMap(describe=self.words, appearance=appearance)
        self._line = OneLine(appearance=appearance)
        self._line.setObjectName("part_map_line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.map)
        layout.addWidget(self._line)
        self.map.chosen.connect(self.chosen)

    def show_text(
        self, text: str, kind: Kind, *, accept_loss: bool, caret: int
    ) -> tuple[SegmentCount, tuple[int, ...]]:
        """Map another text; return its figures, and where its parts end in UTF-16 code units."""
        self._kind = kind
        self._whole = whole = segment_map(text, encoding=encoding_of(kind, accept_loss=accept_loss))
        self.map.show_map(whole, offending=kind is Kind.TEXT, caret=caret)
        self._tell(caret)
        figures = whole.figures
        pairs = accept_loss if figures.encoding == "gsm7" else figures.units > figures.characters
        if not pairs:
            return figures, whole.ends
        return figures, tuple(code_unit_offsets(whole.text, whole.ends))

    def show_caret(self, position: int) -> None:
        """Tell about the character behind the caret."""
        self.map.show_caret(position)
        self._tell(position)

    def _tell(self, position: int) -> None:
        words = self.words(position)
        if words != self._line.text():
            self._line.show_text(words)
            self.map.setAccessibleDescription(words)

    def words(self, position: int) -> str:
        """What there is to tell about a character."""
        if position < len(self._whole):
            return described(self._whole[position], self._whole, unicode=self._kind is Kind.UNICODE)
        figures = self._whole.figures
        if not len(self._whole):
            return self.tr("Each character gets its own cell here.")
        return self.tr("End of the text · %n unit(s) left in this part", "", figures.units_remaining)
