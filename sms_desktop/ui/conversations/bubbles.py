"""All that is needed once there is a bubble: its layout, paint, words and menu.

Loaded by the timeline with its first row.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QWidget

from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.bubble_layout import BubbleLayout, lay_out
from sms_desktop.ui.conversations.bubble_menu import bubble_menu
from sms_desktop.ui.conversations.bubble_painter import BubblePainter
from sms_desktop.ui.conversations.bubble_words import missing_parts, tooltip
from sms_desktop.ui.conversations.places import Entry
from sms_desktop.ui.conversations.verdict import BubbleAction, verdict_of
from sms_desktop.ui.times import full


class Bubbles:
    """Makes and paints the bubbles of one timeline, with the fonts and colours in force."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._painter = BubblePainter(appearance)

    def lay_out(
        self, row: MessageRow, *, waits_for: str | None, available: float, expanded: bool
    ) -> BubbleLayout:
        """Place a message's texts, footer and buttons."""
        return lay_out(
            row,
            verdict=verdict_of(row, waits_for),
            available=available,
            fonts=self._appearance.fonts,
            expanded=expanded,
        )

    def grows_old(self, row: MessageRow) -> bool:
        """True if the bubble says how long something has been waited for."""
        return bool(missing_parts(row))

    def words(self, row: MessageRow) -> str:
        """State and time, for a tooltip."""
        return f"{tooltip(row)}\n{full(row.created_us)}"

    def menu(
        self,
        row: MessageRow,
        *,
        waits_for: str | None,
        act: Callable[[MessageRow, BubbleAction], None],
        parent: QWidget,
    ) -> QMenu:
        """The menu of what can be done with a message."""
        return bubble_menu(row, waits_for=waits_for, act=act, appearance=self._appearance, parent=parent)

    def paint(
        self,
        painter: QPainter,
        at: QPointF,
        entry: Entry,
        *,
        mirrored: bool,
        focused: bool,
        hovered: BubbleAction | None,
    ) -> None:
        """Draw a bubble with its upper left corner at `at`."""
        self._painter.paint_bubble(
            painter,
            at,
            entry.bubble,
            inbound=entry.row.inbound,
            mirrored=mirrored,
            focused=focused,
            hovered=hovered,
        )

    def paint_day(self, painter: QPainter, rect: QRectF, words: str) -> None:
        """Draw a day line."""
        self._painter.paint_day(painter, rect, words)
