"""Every pane by keyboard and screen reader: its accessibility tree is walked, and so is Tab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.compose.pane import ComposePane
from tests.fakes.desktop import Desktop

ECHO = "31600000001"
CONTROL = Qt.KeyboardModifier.ControlModifier
KEYS = dict(zip(Kind, (Qt.Key(Qt.Key.Key_1.value + place) for place in range(6)), strict=True))
ROLES = {
    QAccessible.Role.Button,
    QAccessible.Role.ButtonMenu,
    QAccessible.Role.ButtonDropDown,
    QAccessible.Role.CheckBox,
    QAccessible.Role.ComboBox,
    QAccessible.Role.EditableText,
    QAccessible.Role.PageTab,
    QAccessible.Role.RadioButton,
    QAccessible.Role.SpinBox,
    QAccessible.Role.Table,
}


def tree(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """An interface and all that is under it and not hidden."""
    yield interface
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child.isValid() and not child.state().invisible:
            yield from tree(child)


def show(desktop: Desktop, kind: Kind) -> ComposePane:
    desktop.open(ECHO)
    desktop.shortcut(KEYS[kind], CONTROL)
    desktop.settle()
    pane = desktop.window.page.compose
    assert pane.sheet.isVisible()
    return pane


@pytest.mark.parametrize("kind", Kind)
def test_what_takes_the_focus_has_a_name_and_a_role(desktop: Desktop, kind: Kind) -> None:
    pane = show(desktop, kind)
    focusable = [
        (interface.object(), interface)
        for interface in tree(QAccessible.queryAccessibleInterface(pane))
        if isinstance(interface.object(), QWidget) and interface.state().focusable
    ]
    assert len(focusable) > 6
    for widget, interface in focusable:
        words = f"{type(widget).__name__} {widget.objectName()}"
        assert interface.text(QAccessible.Text.Name).strip(), words
        assert interface.role() in ROLES, f"{words}: {interface.role()}"


@pytest.mark.parametrize("kind", Kind)
def test_tab_goes_through_the_pane_in_reading_order(desktop: Desktop, kind: Kind) -> None:
    pane = show(desktop, kind)
    order: list[QWidget] = []
    desktop.find(QWidget, f"kind_{kind.value}").setFocus(Qt.FocusReason.TabFocusReason)
    focused = QApplication.focusWidget()
    while focused is not None and focused not in order and pane.isAncestorOf(focused):
        order.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
    names = [widget.objectName() for widget in order]
    places = [names.index(name) for name in ("sender", "options", "templates", "send")]
    assert places == sorted(places), names
    fields = [place for place, widget in enumerate(order) if pane.sheet.isAncestorOf(widget)]
    assert fields, names
    assert fields[-1] < places[0], names
    assert names[-1] == "send"
    passed = {
        widget.objectName()
        for widget in pane.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.objectName().startswith("kind_")  # from one to the next by the arrow keys
    }
    assert passed <= set(names), passed - set(names)
