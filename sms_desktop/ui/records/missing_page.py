"""The page of what did not come, and of what came and fits nowhere."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QLabel

from sms_desktop.services import inbox
from sms_desktop.store import gaps
from sms_desktop.store.gaps import Gap, GapKind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.records.kept_page import KeptPage
from sms_desktop.ui.records.kept_table import KeptTable
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import stamp

_PAGE = 100
_MOST_NAMED = 5


class _Receipt(NamedTuple):
    """A receipt without a message: its id in the store, and its cells."""

    id: int
    cells: tuple[str, ...]


class MissingPage(KeptPage):
    """Events of the relay with their exact range; below, receipts that belong to no message here."""

    def __init__(self, *, work: KeptWork, appearance: Appearance) -> None:
        super().__init__("missing", work=work, appearance=appearance)
        self._gaps: tuple[Gap, ...] = ()
        self._last: int | None = None
        self.show_head(
            self.tr("Missing events"),
            self.tr("Receipts and replies that the relay numbered, and that did not come."),
        )
        self._table = KeptTable(
            "missing_events",
            self.tr("Missing events"),
            (self.tr("Found"), self.tr("What is missing"), self.tr("What became of it")),
            wide=2,
            appearance=appearance,
        )
        self._go_on = self._button("go_on", self.tr("Go on without them…"))
        self._nothing = self._quiet("missing_nothing", self.tr("Nothing is missing."))
        self._orphans = KeptTable(
            "orphans",
            self.tr("Receipts without a message"),
            (
                self.tr("Received"),
                self.tr("Number"),
                self.tr("Status"),
                self.tr("Whose"),
                self.tr("Gateway's id"),
            ),
            wide=4,
            appearance=appearance,
        )
        self._more = self._button("more_orphans", self.tr("More"))
        self._no_orphans = self._quiet("orphans_nothing", self.tr("Every receipt belongs to a message."))
        self.column.addWidget(self._nothing)
        self.column.addWidget(self._table, 1)
        self.add_buttons(self._go_on)
        self.column.addWidget(self.strip)
        self.add_section(self.tr("Receipts without a message"))
        self.column.addWidget(self._no_orphans)
        self.column.addWidget(self._orphans, 1)
        self.add_buttons(self._more)
        self.column.addStretch(0)
        self._show_gaps(())
        self._show_first(())
        self._restyle_page()

        self._go_on.clicked.connect(self._ask)
        self._more.clicked.connect(self._read_more)
        appearance.changed.connect(self._restyle_page)

    def _button(self, name: str, words: str) -> Button:
        button = Button(words, appearance=self._appearance)
        button.setObjectName(name)
        return button

    def _quiet(self, name: str, words: str) -> QLabel:
        label = QLabel(words)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    # Reading

    def read(self) -> None:
        """Look what is missing, and what fits nowhere."""
        profile, store = self._work.profile.id, self._work.store

        def missing() -> tuple[Gap, ...]:
            with store.read() as db:
                return gaps.every(db, profile)

        self._work.read(missing, self._show_gaps, self.fail)
        self._work.read(lambda: self._page(None), self._show_first, self.fail)

    def _page(self, before: int | None) -> tuple[_Receipt, ...]:
        """Off the window's thread: some receipts, behind the one that is known already."""
        found = inbox.orphans(self._work.store, self._work.profile.id, limit=_PAGE, before=before)
        own, other = _tr("this account's"), _tr("another account's")
        return tuple(
            _Receipt(
                each.id,
                (
                    stamp(each.received_us),
                    each.party,
                    each.word,
                    other if each.foreign_account else own,
                    each.gateway_id,
                ),
            )
            for each in found
        )

    def _show_gaps(self, found: tuple[Gap, ...]) -> None:
        self._gaps = found
        self._table.show_rows([(stamp(gap.found_us), gap.words, _fate(gap)) for gap in found])
        self._table.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._go_on.setVisible(bool(self._holes()))

    def _holes(self) -> tuple[Gap, ...]:
        """The holes that stop the account."""
        return tuple(gap for gap in self._gaps if _is_open(gap))

    def _show_first(self, found: tuple[_Receipt, ...]) -> None:
        self._orphans.show_rows([])
        self._add(found)

    def _add(self, found: tuple[_Receipt, ...]) -> None:
        first = self._orphans.rowCount()
        self._orphans.add_rows([each.cells for each in found])
        if first and found:
            self._orphans.setCurrentCell(first, 0)
        self._last = found[-1].id if found else self._last
        there = self._orphans.rowCount() > 0
        self._orphans.setVisible(there)
        self._no_orphans.setVisible(not there)
        self._more.setVisible(len(found) == _PAGE)

    @Slot()
    def _read_more(self) -> None:
        before = self._last
        self._work.read(lambda: self._page(before), self._add, self.fail)

    def show_busy(self, busy: bool) -> None:
        """Nothing is decided meanwhile."""
        self._go_on.setEnabled(not busy)

    # Doing

    @Slot()
    def _ask(self) -> None:
        holes = self._holes()
        named = [gap.words for gap in holes[:_MOST_NAMED]]
        if len(holes) > _MOST_NAMED:
            named.append(self.tr("And %n more range(s).", "", len(holes) - _MOST_NAMED))
        self.ask(
            self.tr("Go on without these events?"),
            " ".join(named)
            + " "
            + self.tr("What came behind them is shown from then on. They stay on this list, as missing."),
            yes=self.tr("Go on"),
            no=self.tr("Wait for them"),
            then=self._accept,
        )

    def _accept(self) -> None:
        profile, store = self._work.profile.id, self._work.store

        def accepted(number: int) -> None:
            self.tell(self.tr("Going on behind %n hole(s).", "", number))
            self.read()

        self._work.do(lambda _: inbox.go_on_behind_holes(store, profile), accepted, self.fail, lane="writes")

    @Slot()
    def _restyle_page(self) -> None:
        for label in (self._nothing, self._no_orphans):
            set_ink(label, self._appearance.theme.text2)


def _is_open(gap: Gap) -> bool:
    return gap.kind is GapKind.HOLE and gap.closed_us is None and gap.accepted_us is None


def _fate(gap: Gap) -> str:
    """What became of missing events, in words."""
    if gap.accepted_us is not None:
        return _tr("a person went on without them, %1").replace("%1", stamp(gap.accepted_us))
    if gap.closed_us is not None:
        return _tr("they came after all, %1").replace("%1", stamp(gap.closed_us))
    match gap.kind:
        case GapKind.HOLE:
            return _tr("nothing behind them is shown")
        case GapKind.GONE:
            return _tr("the relay deleted them unread")
        case GapKind.AHEAD:
            return _tr("the relay went back in time")
        case _:
            return _tr("the relay began again")


def _tr(text: str) -> str:
    return QCoreApplication.translate("MissingPage", text)
