"""What the window says of a message while it is written, and what it will cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import TryLater
from sms_desktop.messages.kinds import Kind
from sms_desktop.services.prices import Money, Price
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.compose.editor import MessageEditor
from sms_desktop.ui.compose.lint_line import LintLine
from sms_desktop.ui.compose.meter import Figures
from sms_desktop.ui.compose.octet_meter import OctetMeter
from sms_desktop.ui.compose.prices import PriceBook
from tests.fakes.desktop import Desktop

LINK = "http://bank.example@evil.example/"


@pytest.fixture
def editor(desktop: Desktop) -> MessageEditor:
    desktop.open()
    return desktop.find(MessageEditor, "message_text")


def lint(desktop: Desktop) -> LintLine:
    return desktop.find(LintLine, "lint_line")


def test_nothing_is_said_of_what_nobody_has_begun(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_4)
    desktop.shortcut(Qt.Key.Key_1)
    desktop.keys(editor, "Hello")
    with desktop.qtbot.waitSignal(desktop.window.page.compose._linting.found):
        pass
    assert not lint(desktop).isVisible()


def test_a_missing_field_is_said_once_something_is_written(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.shortcut(Qt.Key.Key_4)
    title = desktop.find(QLineEdit, "wappush_title")
    desktop.keys(title, "Your invoice")
    desktop.wait(lambda: bool(lint(desktop).words()))
    (words, *_) = lint(desktop).words()
    assert words == "url: it is empty. A WAP Push needs it. (SMS API reference (2016), type)"
    sentence = desktop.find(QLabel, "lint_sentence")
    assert sentence.accessibleName().startswith("Error: url: it is empty.")
    sentence.setFocus()
    QTest.keyClick(sentence, Qt.Key.Key_Return)
    assert desktop.find(QLineEdit, "wappush_url").hasFocus()
    desktop.keys(desktop.find(QLineEdit, "wappush_url"), "https://shop.example/i")
    desktop.wait(lambda: not any("is empty" in each for each in lint(desktop).words()))


def test_a_number_is_judged_only_once_it_is_typed(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.window.new_message()
    desktop.keys(editor, "Hello")
    with desktop.qtbot.waitSignal(desktop.window.page.compose._linting.found):
        pass
    assert lint(desktop).words() == ()
    desktop.keys(desktop.window.page.recipient.field, "0612345678")
    desktop.wait(lambda: bool(lint(desktop).words()))
    assert "has no country code" in lint(desktop).words()[0]
    QTest.mouseClick(desktop.find(QLabel, "lint_sentence"), Qt.MouseButton.LeftButton)
    assert desktop.window.page.recipient.field.hasFocus()


def test_a_problem_of_an_option_asks_for_its_field(desktop: Desktop, editor: MessageEditor) -> None:
    compose = desktop.window.page.compose
    compose.take(Draft(Kind.TEXT, "Hello", {"ttl": "soon", "client-ref": "x" * 200, "message-class": "9"}))
    desktop.wait(lambda: len(lint(desktop).findings) >= 3)
    assert len(lint(desktop).words()) == 2
    more = desktop.find(Button, "lint_more")
    assert more.label == f"and {len(lint(desktop).findings) - 2} more"
    desktop.press("lint_more")
    assert len(lint(desktop).words()) == len(lint(desktop).findings)
    desktop.press("lint_more")
    QTest.mouseClick(desktop.find(QLabel, "lint_sentence"), Qt.MouseButton.LeftButton)
    assert lint(desktop).findings[0].field == "ttl"
    assert desktop.find(QLineEdit, "field_ttl").hasFocus()


def test_hidden_characters_are_said_shown_and_removed(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.say(editor, "Pay\u200bPal\u202e now")
    desktop.wait(lambda: len(lint(desktop).words()) == 2)
    assert "a hidden character that nobody sees (U+200B ZERO WIDTH SPACE)" in lint(desktop).words()[0]
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in lint(desktop).words()[1]
    desktop.press("lint_show")
    assert editor.textCursor().selectedText() == "\u200b"
    desktop.press("lint_remove")
    assert editor.text() == "PayPal now"
    desktop.wait(lambda: not lint(desktop).isVisible())
    desktop.shortcut(Qt.Key.Key_Z)
    assert editor.text() == "Pay\u200bPal\u202e now"


def test_a_link_that_leads_elsewhere_is_said_in_other_panes_too(
    desktop: Desktop, editor: MessageEditor
) -> None:
    desktop.say(editor, LINK)
    desktop.wait(lambda: bool(lint(desktop).words()))
    assert "leads to the host behind the @" in lint(desktop).words()[0]
    desktop.shortcut(Qt.Key.Key_4)
    url = desktop.find(QLineEdit, "wappush_url")
    desktop.say(url, "https://b\u0430nk.example")
    desktop.wait(lambda: any("mixes" in each.sentence for each in lint(desktop).findings))
    assert desktop.window.page.compose.send_button.isEnabled()


def test_the_price_is_asked_once_a_country_and_shown_with_what_cures_save(
    desktop: Desktop, editor: MessageEditor
) -> None:
    compose, asked = desktop.window.page.compose, []

    def ask(country: str) -> Price:
        asked.append(country)
        return Price(Decimal("0.0775"), "EUR")

    figures = desktop.find(Figures, "meter_figures")
    desktop.say(editor, "We’ll come. " * 10)
    assert figures.price_words() == ""
    compose.prices.ask_with(ask)
    desktop.wait(lambda: figures.price_words() == "about EUR 0.16")
    assert "about EUR 0.16" in figures.accessibleName()
    assert desktop.find(QLabel, "saving").text() == "1 part, saves EUR 0.08"
    desktop.say(editor, "x" * 60)
    assert figures.price_words() == "about EUR 0.23"
    desktop.shortcut(Qt.Key.Key_3)
    compose.sheet.put(Draft(Kind.BINARY, "00FF"))
    compose.sheet.changed.emit()
    desktop.wait(lambda: desktop.find(QLabel, "binary_cost").text() == "about EUR 0.08")
    desktop.shortcut(Qt.Key.Key_4)
    meter = compose.sheet.findChild(OctetMeter)
    assert isinstance(meter, OctetMeter)
    desktop.keys(desktop.find(QLineEdit, "wappush_url"), "http://example.com/")
    desktop.wait(lambda: meter.price_words() == "about EUR 0.08")
    desktop.settle()
    assert len(asked) == 1


def test_where_no_price_is_told_nothing_is_shown_and_it_is_asked_again_after_a_rest(desktop: Desktop) -> None:
    desktop.open()
    now, asked = [0.0], []

    def refuse(country: str) -> Price:
        asked.append(country)
        raise TryLater("The gateway does not answer.")

    book = PriceBook(tasks=desktop.tasks, clock=lambda: now[0], parent=desktop.window)
    assert book.estimate("+31 6 12345678", 3) is None
    book.ask_with(refuse)
    desktop.settle()
    for _ in range(3):
        assert book.estimate("31612345678", 3) is None
        desktop.settle()
    assert asked == ["NL"]
    now[0] = 60.0
    assert book.estimate("not a number", 3) is None
    book.estimate("31612345678", 3)
    desktop.settle()
    assert asked == ["NL", "NL"]
    book.ask_with(lambda _: Price(Decimal("0.0775"), "EUR"))
    now[0] = 120.0
    book.price("31612345678")
    desktop.wait(lambda: book.estimate("31612345678", 3) == Money(Decimal("0.2325"), "EUR"))
    assert book.estimate("31612345678", 0) is None


@pytest.mark.parametrize(
    "amount, words",
    [("0.2325", "EUR 0.23"), ("0.005", "EUR 0.0050"), ("12", "EUR 12.00"), ("0.235", "EUR 0.24")],
)
def test_money_in_words(amount: str, words: str) -> None:
    assert Money(Decimal(amount), "EUR").words == words


def test_tab_leads_in_reading_order_from_the_tabs_to_send(desktop: Desktop, editor: MessageEditor) -> None:
    desktop.press("part_map_toggle")
    desktop.say(editor, "Pay\u200bPal, won’t you?")
    desktop.wait(lambda: bool(lint(desktop).words()))
    desktop.find(QWidget, "kind_vcal").setFocus()
    seen = ["kind_vcal"]
    while seen[-1] != "send" and len(seen) < 30:
        focused = desktop.window.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        focused = desktop.window.focusWidget()
        assert focused is not None
        interface = QAccessible.queryAccessibleInterface(focused)
        assert interface.text(QAccessible.Text.Name), focused
        seen.append(focused.objectName())
    wanted = ["kind_vcal", "part_map_toggle", "message_text", "part_map", "replace_characters"]
    wanted += ["lint_sentence", "lint_remove", "lint_show", "sender", "send"]
    assert [name for name in seen if name in wanted] == wanted
