"""What a check or a salvage found, line by line. Used by the store's page."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from sms_desktop.services import upkeep
from sms_desktop.services.upkeep import Report
from sms_desktop.ui.appearance import Appearance

_LINES = 5


class Saved(NamedTuple):
    """What a salvage came to: rows and places not readable, by table; where the damaged file is."""

    tables: tuple[tuple[str, int, int], ...]
    aside: Path | None


def salvaged(file: Path) -> Saved:
    """Make a new store of what can be read; off the window's thread. Raises what `upkeep.salvaged` raises."""
    report, aside = upkeep.salvaged(file)
    return Saved(tuple((each.table, each.rows, each.gaps) for each in report), aside)


class StoreReport(QPlainTextEdit):
    """Read, not written in; hidden until there is something to say."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("store_report")
        self.setAccessibleName(self.tr("What was found, line by line"))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.hide()
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_check(self, report: Report) -> int:
        """Say all that a check found, as exactly as it did; returns how many lines that is."""
        lines = [*report.damage, *report.orphans]
        for each in report.differences:
            values = (each.table, each.row, each.column, each.kept, each.follows)
            # Put in by pieces: a value may hold what looks like the place of another one.
            pieces = self.tr("%1 %2: %3 is %4, and follows as %5").split("%")
            lines.append(pieces[0] + "".join(values[int(piece[0]) - 1] + piece[1:] for piece in pieces[1:]))
        self._show(lines)
        return len(lines)

    def show_saved(self, saved: Saved) -> None:
        """Say what was saved of each table."""
        lines = []
        for table, rows, gaps in saved.tables:
            lost = ", " + self.tr("%n place(s) not readable", "", gaps) if gaps else ""
            lines.append(f"{table}: " + self.tr("%n row(s)", "", rows) + lost)
        self._show(lines)

    def _show(self, lines: list[str]) -> None:
        self.setPlainText("\n".join(lines))
        self.show()

    @Slot()
    def _restyle(self) -> None:
        self.setFont(self._appearance.fonts.mono)
        self.setFixedHeight(round(_LINES * self.fontMetrics().lineSpacing() + 16))
