"""The menu bar: every entry works, and every key of the window stands here. Built by the main window.

An entry that does not apply at the moment is greyed when its menu opens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QPlainTextEdit

from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import ThemeChoice
from sms_desktop.ui.compose.kind_tabs import kind_word


class Commands(NamedTuple):
    """What the entries do.

    `may_...` say whether there is something to do it with, `may_sandbox` whether the sandbox is shown.
    """

    new_message: Callable[[], None]
    send: Callable[[], None]
    retry: Callable[[], None]
    cancel: Callable[[], None]
    copy_message: Callable[[], None]
    may_retry: Callable[[], bool]
    may_cancel: Callable[[], bool]
    may_copy: Callable[[], bool]
    choose_kind: Callable[[Kind], None]
    next_conversation: Callable[[], None]
    previous_conversation: Callable[[], None]
    next_region: Callable[[], None]
    previous_region: Callable[[], None]
    choose_theme: Callable[[ThemeChoice], None]
    pause: Callable[[], None]
    is_paused: Callable[[], bool]
    undo_send: Callable[[], None]
    may_undo_send: Callable[[], bool]
    options: Callable[[], None]
    do_not_contact: Callable[[], None]
    may_do_not_contact: Callable[[], bool]
    preferences: Callable[[], None]
    search: Callable[[], None]
    export_conversation: Callable[[], None]
    forget: Callable[[], None]
    kept_messages: Callable[[], None]
    contact: Callable[[], None]
    has_number: Callable[[], bool]
    import_contacts: Callable[[], None]
    export_contacts: Callable[[], None]
    has_conversation: Callable[[], bool]
    shortcuts: Callable[[], None]
    accounts: Callable[[], None]
    sandbox: Callable[[], None]
    may_sandbox: Callable[[], bool]
    simulator: Callable[[], None] | None
    about: Callable[[], None]
    templates: Callable[[], None]
    earlier_drafts: Callable[[], None]
    save_request: Callable[[], None]
    request: Callable[[], None]
    import_curl: Callable[[], None]


def build_menus(window: QMainWindow, commands: Commands, *, theme: ThemeChoice) -> None:
    """Fill the window's menu bar."""
    bar = window.menuBar()
    _file(window, bar.addMenu(_tr("&File")), commands)
    _edit(window, bar.addMenu(_tr("&Edit")), commands)
    _message(window, bar.addMenu(_tr("&Message")), commands)
    _view(window, bar.addMenu(_tr("&View")), commands, theme)
    tools = bar.addMenu(_tr("&Tools"))
    _entry(window, tools, "request", _tr("&Request"), commands.request, "Ctrl+Alt+3").setCheckable(True)
    if commands.simulator is not None:
        _entry(window, tools, "simulator", _tr("&Simulator"), commands.simulator, "F8").setCheckable(True)
    _help(window, bar.addMenu(_tr("&Help")), commands)


def _file(window: QMainWindow, menu: QMenu, commands: Commands) -> None:
    _entry(window, menu, "new_message", _tr("&New message"), commands.new_message, "Ctrl+N")
    _entry(window, menu, "import_curl", _tr("&Import request from curl…"), commands.import_curl)
    menu.addSeparator()
    _entry(window, menu, "accounts", _tr("&Accounts…"), commands.accounts, "Ctrl+Shift+A")
    _entry(window, menu, "preferences", _tr("&Preferences…"), commands.preferences, "Ctrl+,")
    menu.addSeparator()
    label = _tr("&Export conversation…")
    export = _entry(window, menu, "export", label, commands.export_conversation, "Ctrl+Shift+E")
    forget = _entry(window, menu, "forget", _tr("&Forget this number…"), commands.forget)
    _entry(window, menu, "kept_messages", _tr("Kept &messages…"), commands.kept_messages)
    menu.addSeparator()
    contact = _entry(window, menu, "contact", _tr("&Contact…"), commands.contact, "Ctrl+Shift+N")
    _entry(window, menu, "import_contacts", _tr("&Import contacts…"), commands.import_contacts)
    _entry(window, menu, "export_contacts", _tr("E&xport contacts…"), commands.export_contacts)

    def refresh() -> None:
        contact.setEnabled(commands.has_number())
        for entry in (export, forget):
            entry.setEnabled(commands.has_conversation())

    def enable() -> None:
        for entry in (export, forget, contact):
            entry.setEnabled(True)

    menu.aboutToShow.connect(refresh)
    menu.aboutToHide.connect(enable)
    menu.addSeparator()
    _entry(window, menu, "quit", _tr("&Quit"), _closing(window), "Ctrl+Q")


def _edit(window: QMainWindow, menu: QMenu, commands: Commands) -> None:
    entries = [
        _entry(window, menu, name, label, _on_text(name), keys)
        for name, label, keys in (
            ("undo", _tr("&Undo"), QKeySequence.StandardKey.Undo),
            ("redo", _tr("&Redo"), QKeySequence.StandardKey.Redo),
            ("cut", _tr("Cu&t"), QKeySequence.StandardKey.Cut),
            ("copy", _tr("&Copy"), QKeySequence.StandardKey.Copy),
            ("paste", _tr("&Paste"), QKeySequence.StandardKey.Paste),
        )
    ]

    menu.addSeparator()
    _entry(window, menu, "search", _tr("&Search everything"), commands.search, "Ctrl+Shift+F")

    def refresh() -> None:
        there = _focused_text() is not None
        for entry in entries:
            entry.setEnabled(there)

    def enable() -> None:
        # Keys must work whenever a text has the focus, however the menu left the entries.
        for entry in entries:
            entry.setEnabled(True)

    menu.aboutToShow.connect(refresh)
    menu.aboutToHide.connect(enable)


def _message(window: QMainWindow, menu: QMenu, commands: Commands) -> None:
    _entry(window, menu, "send", _tr("&Send"), commands.send, "Ctrl+Return", "Ctrl+Enter")
    undo = _entry(window, menu, "undo_send", _tr("U&ndo sending"), commands.undo_send, "Ctrl+Alt+Z")
    pause = _entry(window, menu, "pause", _tr("&Pause sending"), commands.pause)
    pause.setCheckable(True)
    menu.addSeparator()
    retry = _entry(window, menu, "retry", _tr("&Retry"), commands.retry, "Ctrl+Shift+R")
    cancel = _entry(window, menu, "cancel", _tr("&Cancel sending"), commands.cancel)
    copy = _entry(window, menu, "copy_message", _tr("C&opy message"), commands.copy_message, "Ctrl+Shift+C")
    menu.addSeparator()
    _entry(window, menu, "templates", _tr("&Templates and requests"), commands.templates, "Ctrl+T")
    _entry(window, menu, "save_request", _tr("S&ave request…"), commands.save_request)
    label = _tr("&Earlier drafts…")
    _entry(window, menu, "earlier_drafts", label, commands.earlier_drafts, "Ctrl+Shift+D")
    menu.addSeparator()
    for number, kind in enumerate(Kind, start=1):
        label = _tr("Write as %1").replace("%1", kind_word(kind))
        _entry(window, menu, f"kind_{kind.value}", label, _kind(commands, kind), f"Ctrl+{number}")

    menu.addSeparator()
    _entry(window, menu, "options", _tr("&Options"), commands.options, "Ctrl+Shift+O")
    stop = _entry(window, menu, "do_not_contact", _tr("&Do not contact this number"), commands.do_not_contact)

    def refresh() -> None:
        undo.setEnabled(commands.may_undo_send())
        pause.setChecked(commands.is_paused())
        stop.setEnabled(commands.may_do_not_contact())
        retry.setEnabled(commands.may_retry())
        cancel.setEnabled(commands.may_cancel())
        copy.setEnabled(commands.may_copy())

    def enable() -> None:
        for entry in (undo, stop, retry, cancel, copy):
            entry.setEnabled(True)

    menu.aboutToShow.connect(refresh)
    menu.aboutToHide.connect(enable)


def _view(window: QMainWindow, menu: QMenu, commands: Commands, theme: ThemeChoice) -> None:
    group = QActionGroup(window)
    for choice, label in (
        (ThemeChoice.SYSTEM, _tr("As the &system")),
        (ThemeChoice.LIGHT, _tr("&Light")),
        (ThemeChoice.DARK, _tr("&Dark")),
    ):
        entry = _entry(window, menu, f"theme_{choice.value}", label, _choosing(commands, choice))
        entry.setCheckable(True)
        entry.setChecked(choice is theme)
        group.addAction(entry)
    menu.addSeparator()
    _entry(
        window, menu, "next_conversation", _tr("&Next conversation"), commands.next_conversation, "Alt+Down"
    )
    _entry(
        window,
        menu,
        "previous_conversation",
        _tr("&Previous conversation"),
        commands.previous_conversation,
        "Alt+Up",
    )
    menu.addSeparator()
    _entry(window, menu, "next_region", _tr("Next &region"), commands.next_region, "F6")
    _entry(window, menu, "previous_region", _tr("Previous re&gion"), commands.previous_region, "Shift+F6")


def _help(window: QMainWindow, menu: QMenu, commands: Commands) -> None:
    _entry(window, menu, "shortcuts", _tr("&Keyboard shortcuts"), commands.shortcuts, "F1", "Ctrl+?")
    sandbox = _entry(window, menu, "about_sandbox", _tr("About the &Sandbox"), commands.sandbox)
    menu.addSeparator()
    _entry(window, menu, "about", _tr("&About SMS Desktop"), commands.about)
    menu.aboutToShow.connect(lambda: sandbox.setVisible(commands.may_sandbox()))


def _entry(
    window: QMainWindow,
    menu: QMenu,
    name: str,
    label: str,
    act: Callable[[], None],
    *keys: str | QKeySequence.StandardKey,
) -> QAction:
    action = QAction(label, window)
    action.setObjectName(f"action_{name}")
    action.setShortcuts([QKeySequence(one) for one in keys])
    action.triggered.connect(lambda: act())
    menu.addAction(action)
    return action


def _closing(window: QMainWindow) -> Callable[[], None]:
    def close() -> None:
        window.close()

    return close


def _choosing(commands: Commands, choice: ThemeChoice) -> Callable[[], None]:
    return lambda: commands.choose_theme(choice)


def _kind(commands: Commands, kind: Kind) -> Callable[[], None]:
    return lambda: commands.choose_kind(kind)


def _focused_text() -> QLineEdit | QPlainTextEdit | None:
    focused = QApplication.focusWidget()
    return focused if isinstance(focused, (QLineEdit, QPlainTextEdit)) else None


def _on_text(name: str) -> Callable[[], None]:
    def act() -> None:
        text = _focused_text()
        if text is None:
            return
        match name:
            case "undo":
                text.undo()
            case "redo":
                text.redo()
            case "cut":
                text.cut()
            case "copy":
                text.copy()
            case "paste":
                text.paste()

    return act


def _tr(text: str) -> str:
    return QCoreApplication.translate("Menus", text)
