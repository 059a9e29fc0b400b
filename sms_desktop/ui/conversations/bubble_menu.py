"""The menu of what can be done with a message. Opened by the timeline with Enter or the right button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.conversations.verdict import ACTION_ICONS, BubbleAction, action_label, actions_of


def bubble_menu(
    row: MessageRow,
    *,
    waits_for: str | None,
    act: Callable[[MessageRow, BubbleAction], None],
    appearance: Appearance,
    parent: QWidget,
) -> QMenu:
    """A menu that deletes itself when it closes; its entries are named by their actions."""
    menu = QMenu(parent)
    menu.setObjectName("bubble_actions")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for action in actions_of(row, waits_for):
        icon = appearance.icons.icon(ACTION_ICONS[action], appearance.theme.text2)
        entry = menu.addAction(icon, action_label(action))
        entry.setObjectName(action.value)
        entry.triggered.connect(_acting(act, row, action))
    return menu


def _acting(
    act: Callable[[MessageRow, BubbleAction], None], row: MessageRow, action: BubbleAction
) -> Callable[[], None]:
    return lambda: act(row, action)
