"""The menu of what can be done about a character, and about what the text costs. Opened by the text sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from sms_desktop.encoding import gsm7
from sms_desktop.encoding.suspicious import Danger, suspicious, without_hidden
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.compose.character_words import named
from sms_desktop.ui.compose.fixes import Fix, Way, fixes, instead_of
from sms_desktop.ui.compose.measure import character_name, measure

if TYPE_CHECKING:
    from sms_desktop.services.prices import Price


@dataclass(frozen=True, slots=True)
class Hands:
    """What the menu's entries do: replace some characters, replace the whole text, change the kind."""

    replace: Callable[[int, int, str], None]
    replace_all: Callable[[str], None]
    write_as: Callable[[Kind], None]


def nearest_cause(text: str, kind: Kind, position: int) -> int | None:
    """The character to talk about: at the caret, just before it, or the next one that stands in the way."""
    causes = [at for start, end in gsm7.unsupported_spans(text) for at in range(start, end)]
    causes = causes if kind is Kind.TEXT else []
    doubtful = [one.position for one in suspicious(text) if one.danger is not Danger.LINK]
    every = sorted({*causes, *doubtful})
    for wanted in (position, position - 1):
        if wanted in every:
            return wanted
    return next((at for at in every if at >= position), every[0] if every else None)


Entry = tuple[str, Callable[[], None] | None]
"""What an entry says and does; None only says."""


def suggestions(
    text: str, kind: Kind, position: int | None, *, hands: Hands, price: Price | None, parent: QWidget
) -> QMenu:
    """The menu for a character, with the cheapest fixes of the text under it."""
    menu = QMenu(parent)
    menu.setObjectName("suggestions")
    add_entries(menu, text, kind, position, hands=hands, price=price)
    if menu.isEmpty():
        _put(menu, [(_tr("Nothing stands in the way, and nothing would make it cheaper"), None)], None)
    return menu


def add_entries(
    menu: QMenu, text: str, kind: Kind, position: int | None, *, hands: Hands, price: Price | None
) -> None:
    """Put the entries before those that are in a menu already."""
    first = menu.actions()[0] if menu.actions() else None
    groups = []
    if position is not None and position < len(text):
        groups.append(_of_character(text, kind, position, hands))
    groups.append(_of_text(text, kind, hands, price))
    groups = [group for group in groups if group]
    for number, group in enumerate(groups):
        _put(menu, group, first)
        if first is not None or number < len(groups) - 1:
            menu.insertSeparator(first) if first is not None else menu.addSeparator()


def _of_character(text: str, kind: Kind, position: int, hands: Hands) -> list[Entry]:
    character = text[position]
    doubtful = next(
        (one for one in suspicious(text) if one.position == position and one.danger is not Danger.LINK), None
    )
    outside = kind is Kind.TEXT and not gsm7.is_encodable(character)
    if not outside and doubtful is None:
        return []
    entries: list[Entry] = [(named(character), None)]
    instead = doubtful.instead if doubtful is not None else instead_of(character)
    if instead:
        words = _tr("Replace %1 with %2").replace("%1", character_name(character))
        entries.append(
            (
                words.replace("%2", _shown(instead)),
                lambda: hands.replace(position, position + 1, instead),
            )
        )
        number = text.count(character)
        if number > 1:
            every = QCoreApplication.translate("Suggestions", "Replace all %n", "", number)
            entries.append((every, lambda: hands.replace_all(text.replace(character, instead))))
    entries.append((_tr("Leave it out"), lambda: hands.replace(position, position + 1, "")))
    without = without_hidden(text)
    hidden = len(text) - len(without)
    if doubtful is not None and doubtful.danger in (Danger.HIDDEN, Danger.DIRECTION) and hidden > 1:
        words = QCoreApplication.translate("Suggestions", "Take out all %n hidden characters", "", hidden)
        entries.append((words, lambda: hands.replace_all(without)))
    if outside:
        entries.append((_tr("Switch to Unicode"), lambda: hands.write_as(Kind.UNICODE)))
    return entries


def _of_text(text: str, kind: Kind, hands: Hands, price: Price | None) -> list[Entry]:
    found = fixes(text, kind)
    if not found:
        return []
    parts = measure(text, kind, accept_loss=False).parts
    head: Entry = (_tr("Cheapest fix"), None)
    return [head, *((_fix_words(fix, parts, price), _doing(fix, hands)) for fix in found)]


def saving_words(parts: int, saved: int, price: Price | None) -> str:
    """`2 parts, saves EUR 0.08`; without the money where no price is known."""
    words = QCoreApplication.translate("Suggestions", "%n part(s)", "", parts)
    if saved <= 0:
        return words
    if price is None:
        return words + ", " + QCoreApplication.translate("Suggestions", "saves %n part(s)", "", saved)
    return words + ", " + _tr("saves %1").replace("%1", price.of(saved).words)


def _fix_words(fix: Fix, parts: int, price: Price | None) -> str:
    match fix.way:
        case Way.REPLACE:
            words = _tr("Replace all that can be replaced")
        case Way.LEAVE_OUT:
            words = _tr("Replace what can be replaced, leave out the rest")
        case Way.SPACES:
            words = _tr("Leave out needless spaces and empty lines")
        case Way.AS_TEXT:
            words = _tr("Switch to Text")
        case Way.SHORTEN:
            words = QCoreApplication.translate("Suggestions", "Shorten it by %n unit(s)", "", fix.units)
        case _:
            assert_never(fix.way)
    return f"{words} · {saving_words(fix.parts, parts - fix.parts, price)}"


def _doing(fix: Fix, hands: Hands) -> Callable[[], None] | None:
    match fix.way:
        case Way.REPLACE | Way.LEAVE_OUT | Way.SPACES:
            return lambda: hands.replace_all(fix.text)
        case Way.AS_TEXT:
            return lambda: hands.write_as(Kind.TEXT)
        case Way.SHORTEN:
            return None


def _shown(instead: str) -> str:
    if instead == " ":
        return _tr("a space")
    return _tr("a line end") if instead == "\n" else instead


def _put(menu: QMenu, entries: list[Entry], before: QAction | None) -> None:
    for words, act in entries:
        action = QAction(words.replace("&", "&&"), menu)
        if act is None:
            action.setEnabled(False)
        else:
            action.triggered.connect(_told_nothing(act))
        if before is None:
            menu.addAction(action)
        else:
            menu.insertAction(before, action)


def _told_nothing(act: Callable[[], None]) -> Callable[[], None]:
    return lambda: act()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Suggestions", text)
