"""The window of what is kept: the store's file, retention, what is missing, what people did.

Made by the records' desk, for the profile that is shown; it blocks nothing.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.records.deeds_page import DeedsPage
from sms_desktop.ui.records.kept_page import KeptPage
from sms_desktop.ui.records.kept_work import KeptWork
from sms_desktop.ui.records.missing_page import MissingPage
from sms_desktop.ui.records.retention_page import RetentionPage
from sms_desktop.ui.records.store_page import StorePage

_WIDTH, _HEIGHT = 146, 37  # characters and lines of the font


class StoreDialog(QDialog):
    """A list of pages at its beginning, the chosen one beside it.

    Signals: `replaced()`, the store is another file now.
    """

    replaced = Signal()

    def __init__(self, work: KeptWork, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._appearance = appearance
        self.setObjectName("store_dialog")
        self.setWindowTitle(self.tr("Kept messages"))
        self.setModal(False)
        self.list = QListWidget()
        self.list.setObjectName("store_pages")
        self.list.setAccessibleName(self.tr("Kept messages"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(1)
        self._stack = QStackedWidget()
        self._pages: list[KeptPage] = []
        store = StorePage(work=work, appearance=appearance)
        for words, page in (
            (self.tr("Store"), store),
            (self.tr("Retention"), RetentionPage(work=work, appearance=appearance)),
            (self.tr("Missing"), MissingPage(work=work, appearance=appearance)),
            (self.tr("What people did"), DeedsPage(work=work, appearance=appearance)),
        ):
            self.list.addItem(QListWidgetItem(words))
            self._pages.append(page)
            area = QScrollArea()
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setWidgetResizable(True)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setWidget(page)
            self._stack.addWidget(area)
        self._close = Button(self.tr("Close"), appearance=appearance)
        self._close.setObjectName("close_store")
        self._lay_out()
        self._restyle()
        self.list.setCurrentRow(0)
        self.resize(self._first_size())

        self.list.currentRowChanged.connect(self._choose)
        self._close.clicked.connect(self.close)
        store.replaced.connect(self.replaced)
        appearance.changed.connect(self._restyle)

    def _first_size(self) -> QSize:
        """Large enough for what it shows, but no larger than the screen; the offscreen one is none."""
        metrics = self.fontMetrics()
        wanted = QSize(_WIDTH * metrics.averageCharWidth(), _HEIGHT * metrics.lineSpacing())
        if QApplication.platformName() == "offscreen":
            return wanted
        return wanted.boundedTo(self.screen().availableSize())

    def look_again(self) -> None:
        """Read the page that is shown anew."""
        self._pages[self._stack.currentIndex()].look_again()

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._stack.setCurrentIndex(row)
        self.look_again()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setContentsMargins(6, 8, 6, 8)
        side.addWidget(self.list)
        self._side = QWidget()
        self._side.setLayout(side)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(1)  # the hairline
        middle.addWidget(self._side)
        middle.addWidget(self._stack, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 10)
        foot.addStretch(1)
        foot.addWidget(self._close)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self._foot)

    @Slot()
    def _restyle(self) -> None:
        theme = self._appearance.theme
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, theme.window)
        if theme.tinted:
            palette.setColor(QPalette.ColorRole.Highlight, theme.selected)
            palette.setColor(QPalette.ColorRole.HighlightedText, theme.selected_text)
        self.list.setPalette(palette)
        metrics = self.list.fontMetrics()
        widest = 0
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSizeHint(QSize(0, metrics.lineSpacing() + 14))
            widest = max(widest, metrics.horizontalAdvance(item.text()))
        self._side.setFixedWidth(widest + 48)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and its hairlines."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.window)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self._side.x() - 1 if mirrored else self._side.geometry().right() + 1
        painter.fillRect(x, 0, 1, self._foot.y(), theme.line)
        painter.fillRect(0, self._foot.y(), self.width(), 1, theme.line)
