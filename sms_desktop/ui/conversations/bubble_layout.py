"""Where everything in a bubble stands: texts laid out, meta line, footer, buttons.

Made by the timeline, read by the painter.

Nothing here knows a colour, so that a change of theme needs no new layout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from sms_desktop.store.messages import MessageRow
from sms_desktop.ui.bidi import isolated
from sms_desktop.ui.conversations.bubble_width import widest
from sms_desktop.ui.conversations.bubble_words import CLIPPED_AT, Meta, Missing, blocks_of, meta_of, shown
from sms_desktop.ui.conversations.cards import Card
from sms_desktop.ui.conversations.verdict import ACTION_ICONS, BubbleAction, Verdict, action_label
from sms_desktop.ui.fonts import Fonts

PADDING_X = 12
PADDING_Y = 7
ICON = 16
TICK = 14
_META_GAP = 18
_BUTTON_GAP = 6
_FOOTER_TEXT_X = 34
CARD_ICON = 28
"""Logical pixels of the tinted square with a card's icon."""
_CARD_PADDING, _CARD_PADDING_Y = 8, 6
_CARD_TEXT_X = _CARD_PADDING + CARD_ICON + 10


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text that is laid out, and where its upper left corner is drawn."""

    layout: QTextLayout
    at: QPointF


@dataclass(frozen=True, slots=True)
class PlacedMissing:
    """A dashed block with its words."""

    rect: QRectF
    words: str


@dataclass(frozen=True, slots=True)
class PlacedCard:
    """A card: its ground, its icon's place, and its two lines, each laid out."""

    rect: QRectF
    icon_rect: QRectF
    card: Card
    title: PlacedText
    caption: PlacedText


@dataclass(frozen=True, slots=True)
class PlacedButton:
    """A painted button."""

    action: BubbleAction
    label: str
    icon: str
    rect: QRectF


@dataclass(slots=True)
class BubbleLayout:
    """A bubble; all places are relative to its upper left corner."""

    size_width: float
    height: float = 0
    texts: list[PlacedText] = field(default_factory=list)
    missing: list[PlacedMissing] = field(default_factory=list)
    card: PlacedCard | None = None
    meta: Meta | None = None
    meta_rect: QRectF = field(default_factory=QRectF)
    verdict: Verdict | None = None
    footer_top: float = 0
    head: PlacedText | None = None
    body: PlacedText | None = None
    buttons: list[PlacedButton] = field(default_factory=list)

    @property
    def rect(self) -> QRectF:
        """The whole bubble."""
        return QRectF(0, 0, self.size_width, self.height)

    def button_at(self, point: QPointF) -> PlacedButton | None:
        """The button under a point."""
        return next((button for button in self.buttons if button.rect.contains(point)), None)


def lay_out(
    row: MessageRow, *, verdict: Verdict | None, available: float, fonts: Fonts, expanded: bool
) -> BubbleLayout:
    """Place a message's texts, meta line and footer in at most `widest(available)` pixels."""
    room = max(120.0, widest(available)) - 2 * PADDING_X
    body = QFontMetricsF(fonts.body)
    blocks = blocks_of(row)
    clipped = False
    if not expanded and len(blocks) == 1 and isinstance(blocks[0], str) and len(blocks[0]) > CLIPPED_AT:
        blocks, clipped = (blocks[0][:CLIPPED_AT] + "…",), True
    meta = meta_of(row, verdict)
    meta_width = _meta_width(meta, fonts)
    caption = QFontMetricsF(fonts.caption)

    texts: list[QTextLayout | Missing | _CardTexts] = []
    natural = 0.0
    for block in blocks:
        if isinstance(block, Card):
            card = _CardTexts(block, fonts, room)
            texts.append(card)
            natural = max(natural, card.natural_width())
        elif isinstance(block, Missing):
            texts.append(block)
            natural = max(natural, body.horizontalAdvance(block.words) + 2 * 12 + ICON)
        else:
            layout = _laid_out(shown(block), fonts.body, room)
            texts.append(layout)
            natural = max(natural, _natural_width(layout))
    natural = min(natural, room)
    single = (
        len(texts) == 1 and isinstance(texts[0], QTextLayout) and texts[0].lineCount() == 1 and not clipped
    )
    beside = single and natural + _META_GAP + meta_width <= room
    footer = _Footer(verdict, fonts, room) if verdict is not None else None
    content = max(natural + _META_GAP + meta_width if beside else max(natural, meta_width), 24.0)
    if clipped:
        content = max(content, _button_width(action_label(BubbleAction.SHOW_ALL), fonts))
    if footer is not None:
        content = min(room, max(content, footer.natural_width()))

    bubble = BubbleLayout(size_width=math.ceil(content + 2 * PADDING_X), meta=meta, verdict=verdict)
    content = bubble.size_width - 2 * PADDING_X
    y = float(PADDING_Y)
    for text in texts:
        if isinstance(text, Missing):
            height = max(24.0, body.lineSpacing() + 6)
            y += 2
            bubble.missing.append(PlacedMissing(QRectF(PADDING_X, y, content, height), text.words))
            y += height + 4
            continue
        if isinstance(text, _CardTexts):
            bubble.card = text.place(y, content)
            y = bubble.card.rect.bottom() + 4
            continue
        if text.textOption().textDirection() == Qt.LayoutDirection.RightToLeft or _is_right_to_left(text):
            _break_lines(text, natural if beside else content)
        bubble.texts.append(PlacedText(text, QPointF(PADDING_X, y)))
        y += text.boundingRect().height()
    if clipped:
        y += 4
        label = action_label(BubbleAction.SHOW_ALL)
        width, height = _button_width(label, fonts), _button_height(fonts)
        bubble.buttons.append(
            PlacedButton(
                BubbleAction.SHOW_ALL,
                label,
                ACTION_ICONS[BubbleAction.SHOW_ALL],
                QRectF(PADDING_X, y, width, height),
            )
        )
        y += height
    meta_height = max(caption.lineSpacing(), ICON)
    meta_x = bubble.size_width - PADDING_X - meta_width
    if beside:
        base = PADDING_Y + body.ascent() - caption.ascent()
        bubble.meta_rect = QRectF(
            meta_x, base + (caption.lineSpacing() - meta_height) / 2, meta_width, meta_height
        )
    else:
        bubble.meta_rect = QRectF(meta_x, y + 1, meta_width, meta_height)
        y += 1 + meta_height
    y += PADDING_Y - (2 if not beside else 0)
    if footer is not None:
        bubble.footer_top = math.ceil(y)
        y = footer.place(bubble, bubble.footer_top)
    bubble.height = math.ceil(y)
    return bubble


class _CardTexts:
    """A card being placed: its two texts are laid out in the room that a bubble may have."""

    def __init__(self, card: Card, fonts: Fonts, room: float) -> None:
        self._card = card
        room -= _CARD_TEXT_X + _CARD_PADDING
        self._title = _laid_out(isolated(card.title), fonts.strong, room)
        self._caption = _laid_out(card.caption, fonts.caption, room)

    def natural_width(self) -> float:
        """The width that the card asks for."""
        widest_text = max(_natural_width(self._title), _natural_width(self._caption))
        return _CARD_TEXT_X + widest_text + _CARD_PADDING

    def place(self, y: float, width: float) -> PlacedCard:
        """Put the card under `y`, `width` wide."""
        for text in (self._title, self._caption):  # what is written from the right begins at the card's edge
            _break_lines(text, width - _CARD_TEXT_X - _CARD_PADDING)
        title = self._title.boundingRect().height()
        height = max(title + self._caption.boundingRect().height(), CARD_ICON) + 2 * _CARD_PADDING_Y
        top = y + (height - title - self._caption.boundingRect().height()) / 2
        x = PADDING_X + _CARD_TEXT_X
        icon_top = y + min((height - CARD_ICON) / 2, 12)
        return PlacedCard(
            QRectF(PADDING_X, y, width, height),
            QRectF(PADDING_X + _CARD_PADDING, icon_top, CARD_ICON, CARD_ICON),
            self._card,
            PlacedText(self._title, QPointF(x, top)),
            PlacedText(self._caption, QPointF(x, top + title)),
        )


class _Footer:
    """A verdict being placed: its texts are laid out in the room that a bubble may have."""

    def __init__(self, verdict: Verdict, fonts: Fonts, room: float) -> None:
        self._verdict = verdict
        self._fonts = fonts
        self._room = room + 2 * PADDING_X - _FOOTER_TEXT_X - PADDING_X
        self._head = _laid_out(isolated(verdict.head), fonts.strong, self._room)
        self._body = _laid_out(shown(verdict.body), fonts.caption, self._room) if verdict.body else None
        self._widths = [_button_width(action_label(action), fonts) for action in verdict.actions]

    def natural_width(self) -> float:
        """The content width that the footer asks for: a bubble's padding is not counted."""
        buttons = sum(self._widths) + _BUTTON_GAP * max(0, len(self._widths) - 1)
        body = _natural_width(self._body) if self._body is not None else 0
        wanted = max(_natural_width(self._head), body, min(buttons, self._room))
        return wanted + _FOOTER_TEXT_X - PADDING_X

    def place(self, bubble: BubbleLayout, top: float) -> float:
        """Put the footer under `top`; return where it ends."""
        y = top + PADDING_Y
        bubble.head = PlacedText(self._head, QPointF(_FOOTER_TEXT_X, y))
        y += self._head.boundingRect().height()
        if self._body is not None:
            bubble.body = PlacedText(self._body, QPointF(_FOOTER_TEXT_X, y))
            y += self._body.boundingRect().height()
        x, height = float(_FOOTER_TEXT_X), _button_height(self._fonts)
        y += 4
        for action, width in zip(self._verdict.actions, self._widths, strict=True):
            if x > _FOOTER_TEXT_X and x + width > bubble.size_width - PADDING_X:
                x = _FOOTER_TEXT_X
                y += height + _BUTTON_GAP
            rect = QRectF(x, y, width, height)
            bubble.buttons.append(PlacedButton(action, action_label(action), ACTION_ICONS[action], rect))
            x += width + _BUTTON_GAP
        return y + height + 8


def _laid_out(text: str, font: QFont, room: float) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    _break_lines(layout, room)
    return layout


def _break_lines(layout: QTextLayout, room: float) -> None:
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()


def _natural_width(layout: QTextLayout) -> float:
    widths = (layout.lineAt(number).naturalTextWidth() for number in range(layout.lineCount()))
    return math.ceil(max(widths, default=0.0))


def _is_right_to_left(layout: QTextLayout) -> bool:
    first = next((character for character in layout.text() if character.isalpha()), "")
    return "\u0590" <= first <= "\u08ff" or "\ufb1d" <= first <= "\ufefc"


def _meta_width(meta: Meta, fonts: Fonts) -> float:
    width = QFontMetricsF(fonts.caption).horizontalAdvance(meta.words)
    if meta.ticks:
        width += len(meta.ticks) * (TICK + 3) + 4
    if meta.icon:
        width += 4 + ICON
    return math.ceil(width)


def _button_width(label: str, fonts: Fonts) -> float:
    return math.ceil(QFontMetricsF(fonts.caption_strong).horizontalAdvance(label) + 8 + ICON + 6 + 10)


def _button_height(fonts: Fonts) -> float:
    return max(24.0, math.ceil(QFontMetricsF(fonts.caption_strong).lineSpacing() + 8))
