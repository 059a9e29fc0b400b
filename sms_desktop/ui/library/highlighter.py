"""Colours of a request's command: program, options, texts, what stands for a secret. Used by the dock."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from sms_desktop.ui.appearance import Appearance

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|'.*$|\".*$")
_OPTION = re.compile(r"(?<![\w'\"-])--?[a-zA-Z][\w-]*")
_PROGRAM = re.compile(r"^(?:curl|http|import|print)\b|(?<== )httpx(?=\.request)|^response\b")
_ADDRESS = re.compile(r"https?://[^\s'\"]+")
_MASK = re.compile(r"\*\*\*")
_NEXT_LINE = re.compile(r"\\$")
_LONGEST = 5_000  # characters of a line that is coloured


class CommandHighlighter(QSyntaxHighlighter):
    """Colours from the theme; in high contrast weight alone tells."""

    def __init__(self, document: QTextDocument, *, appearance: Appearance) -> None:
        super().__init__(document)
        self._appearance = appearance
        appearance.changed.connect(self.rehighlight)

    # Qt overrides

    def highlightBlock(self, text: str) -> None:
        """Colour a line."""
        theme = self._appearance.theme
        if len(text) > _LONGEST:
            return
        for pattern, ink, strong in (
            (_OPTION, theme.text2, False),
            (_ADDRESS, theme.text, False),
            (_TEXT, theme.ok, False),
            (_PROGRAM, theme.accent, True),
            (_NEXT_LINE, theme.text3, False),
            (_MASK, theme.warn, True),
        ):
            form = _form(ink if theme.tinted else theme.text, strong=strong)
            for found in pattern.finditer(text):
                self.setFormat(found.start(), found.end() - found.start(), form)


def _form(ink: QColor, *, strong: bool) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setForeground(ink)
    if strong:
        form.setFontWeight(QFont.Weight.Bold)
    return form
