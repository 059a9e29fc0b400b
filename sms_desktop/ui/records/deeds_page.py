"""The page of what people did: the record that can't be changed, the newest first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from sms_desktop.store import audit
from sms_desktop.store.audit import AuditRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.records.kept_page import KeptPage
from sms_desktop.ui.records.kept_table import KeptTable
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import stamp

_PAGE = 100


class DeedsPage(KeptPage):
    """A page of deeds at a time, and More."""

    def __init__(self, *, work: KeptWork, appearance: Appearance) -> None:
        super().__init__("deeds", work=work, appearance=appearance)
        self._last: int | None = None
        self.show_head(
            self.tr("What people did"),
            self.tr(
                "In all accounts on this computer: ids only, no numbers and no texts. It can't be changed."
            ),
        )
        self._table = KeptTable(
            "deeds_table",
            self.tr("What people did"),
            (self.tr("When"), self.tr("Who"), self.tr("What"), self.tr("On what")),
            wide=3,
            appearance=appearance,
        )
        self._nothing = QLabel(self.tr("Nothing yet."))
        self._nothing.setObjectName("deeds_nothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._more = Button(self.tr("More"), appearance=appearance)
        self._more.setObjectName("more_deeds")
        self.column.addWidget(self.strip)
        self.column.addWidget(self._nothing)
        self.column.addWidget(self._table, 1)
        self.add_buttons(self._more)
        self.column.addStretch(0)
        self._show(())
        self._restyle_page()
        self._more.clicked.connect(self._read_more)
        appearance.changed.connect(self._restyle_page)

    def read(self) -> None:
        """Look what people did last."""
        self._work.read(lambda: self._page(None), self._show, self.fail)

    def show_busy(self, busy: bool) -> None:
        """Nothing is done here."""

    def _page(self, before: int | None) -> tuple[AuditRow, ...]:
        """Off the window's thread: some deeds, behind the one that is known already."""
        with self._work.store.read() as db:
            return audit.page(db, limit=_PAGE, before=before)

    def _show(self, rows: tuple[AuditRow, ...]) -> None:
        self._table.show_rows([])
        self._add(rows)

    def _add(self, rows: tuple[AuditRow, ...]) -> None:
        first = self._table.rowCount()
        self._table.add_rows([(stamp(row.at_us), row.actor, row.action, row.subject) for row in rows])
        if first and rows:
            self._table.setCurrentCell(first, 0)
        self._last = rows[-1].seq if rows else self._last
        there = self._table.rowCount() > 0
        self._table.setVisible(there)
        self._nothing.setVisible(not there)
        self._more.setVisible(len(rows) == _PAGE)

    @Slot()
    def _read_more(self) -> None:
        before = self._last
        self._work.read(lambda: self._page(before), self._add, self.fail)

    @Slot()
    def _restyle_page(self) -> None:
        set_ink(self._nothing, self._appearance.theme.text2)
