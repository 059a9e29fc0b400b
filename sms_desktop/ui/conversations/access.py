"""What a screen reader meets in the timeline.

One label for each bubble on the screen, one button for each painted button.

Made by the timeline's page. PySide can install a factory of accessible interfaces, but Qt deletes those
objects itself while Python still counts references to them. So real widgets that paint nothing stand over the
bubbles instead: they reach every platform's bridge through Qt's own interfaces. There are only as many as fit
on the screen, and none at all until an assistive technology asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QRect, Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from sms_desktop.messages.ids import MessageId
from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.conversations.bubble_words import spoken
from sms_desktop.ui.conversations.places import Entry
from sms_desktop.ui.conversations.timeline import Timeline
from sms_desktop.ui.conversations.verdict import BubbleAction, verdict_of


class _SpokenBubble(QLabel):
    """A bubble for the ear: its accessible name is the bubble's line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setTextFormat(Qt.TextFormat.PlainText)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: the bubble is painted under it."""


class _SpokenButton(QPushButton):
    """A painted button for the ear; pressing it does what the painted one does."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Nothing: the button is painted under it."""


@dataclass(slots=True)
class _Stand:
    label: _SpokenBubble
    row: MessageRow
    buttons: dict[BubbleAction, _SpokenButton] = field(default_factory=dict)


class TimelineAccess(QObject):
    """Keeps the stand-ins over the visible bubbles. `name` says how the other party is called."""

    def __init__(self, timeline: Timeline, *, name: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent if parent is not None else timeline)
        self._timeline = timeline
        self._name = name
        self._stands: dict[MessageId, _Stand] = {}
        self._told: MessageId | None = None
        timeline.laid_out.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Put the stand-ins where the bubbles are now, and tell which one the keyboard is at."""
        if not QAccessible.isActive():
            return
        visible = {entry.row.id: entry for entry in self._timeline.visible_entries()}
        for message in [message for message in self._stands if message not in visible]:
            self._drop(self._stands.pop(message))
        for message, entry in visible.items():
            self._put(message, entry)
        self._tell_focus()

    @Slot(int)
    def announce(self, inbound: int) -> None:
        """Say politely that messages came in."""
        if inbound and QAccessible.isActive():
            words = self.tr("%n new message(s) from %1", "", inbound).replace("%1", self._name())
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._timeline, words))

    def _put(self, message: MessageId, entry: Entry) -> None:
        stand = self._stands.get(message)
        if stand is None or stand.row != entry.row:
            if stand is not None:
                self._drop(stand)
            label = _SpokenBubble(self._timeline.viewport())
            label.setAccessibleName(
                spoken(entry.row, self._name(), verdict_of(entry.row, self._timeline.waits_for))
            )
            stand = self._stands[message] = _Stand(label, entry.row)
            label.show()
        rect = self._timeline.bubble_rect(entry)
        stand.label.setGeometry(rect.toRect())
        wanted = {button.action: button for button in entry.bubble.buttons}
        for action in [action for action in stand.buttons if action not in wanted]:
            stand.buttons.pop(action).deleteLater()
        for action, button in wanted.items():
            if action not in stand.buttons:
                made = _SpokenButton(button.label.replace("&", "&&"), self._timeline.viewport())
                made.clicked.connect(self._acting(entry.row, action))
                made.show()
                stand.buttons[action] = made
            place: QRect = button.rect.translated(rect.topLeft()).toRect()
            stand.buttons[action].setGeometry(place)

    def _tell_focus(self) -> None:
        row = self._timeline.focused_row
        if row is None or not self._timeline.hasFocus():
            self._told = None
            return
        stand = self._stands.get(row.id)
        if stand is not None and row.id != self._told:
            self._told = row.id
            QAccessible.updateAccessibility(QAccessibleEvent(stand.label, QAccessible.Event.Focus))

    def _acting(self, row: MessageRow, action: BubbleAction) -> Callable[[], None]:
        return lambda: self._timeline.act(row, action)

    def _drop(self, stand: _Stand) -> None:
        stand.label.hide()
        stand.label.deleteLater()
        for button in stand.buttons.values():
            button.hide()
            button.deleteLater()
