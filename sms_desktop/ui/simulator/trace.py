"""What the sandbox did, newest last, as plain text that follows. Part of the panel."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from sms_desktop.services.rehearsal import Happening
from sms_desktop.ui.appearance import Appearance

MOST_LINES = 1000
"""How much is kept: the sandbox itself keeps more."""


class TraceView(QPlainTextEdit):
    """One line for each entry: the message it belongs to, when, what. Follows while its end is in sight."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("simulator_trace")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(self.tr("Trace of the sandbox, newest last"))
        self.setPlaceholderText(
            self.tr("Nothing has happened since the sandbox started. What is sent to it appears here.")
        )
        appearance.changed.connect(self._restyle)
        self._restyle()

    def add(self, happenings: Iterable[Happening]) -> None:
        """Put these under the others."""
        lines = [_line(one) for one in happenings][-MOST_LINES:]
        if not lines:
            return
        bar, aside = self.verticalScrollBar(), self.horizontalScrollBar().value()
        follows, place = bar.value() >= bar.maximum(), bar.value()
        self.appendPlainText("\n".join(lines))
        bar.setValue(bar.maximum() if follows else place)
        self.horizontalScrollBar().setValue(aside)

    @Slot()
    def _restyle(self) -> None:
        self.setFont(self._appearance.fonts.mono)


def _line(happening: Happening) -> str:
    return f"{happening.message:>3} {happening.at:>7.2f} s  {happening.event:<8} {happening.detail}"
