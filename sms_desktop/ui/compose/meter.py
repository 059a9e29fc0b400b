"""The line under the editor: encoding, units, bar, parts; and the cause of a costly encoding with its cures.

Part of the pane.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from sms_desktop.encoding.segments import SegmentCount
from sms_desktop.messages.kinds import Kind
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.measure import Measure, character_name, measure
from sms_desktop.ui.compose.part_bar import HEIGHT, WIDTH, paint_bar
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.line import Line
from sms_desktop.ui.style import set_ink

if TYPE_CHECKING:
    from sms_desktop.services.prices import Price

_GAP = 8
_LATER_MS = 120
_NUMBER = re.compile("[0-9,]+")


def _counts_on(before: str | None, after: str | None) -> bool:
    """Whether a sentence is the one before with another number."""
    return before is not None and after is not None and _NUMBER.sub("", before) == _NUMBER.sub("", after)


class Figures(QWidget):
    """Encoding, units, bar and parts, painted so that a key press costs one repaint and no layout."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._figures = measure("", Kind.TEXT, accept_loss=False).figures
        self._price: Price | None = None
        self._words = self._worded()
        self._width = 0
        self.setObjectName("meter_figures")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self._measure_width)
        self._measure_width()

    def show_figures(self, figures: SegmentCount) -> bool:
        """Show other figures; True if they take another width."""
        if figures == self._figures:
            return False
        self._figures = figures
        self._words = self._worded()
        self.update()
        return self._measure_width()

    def show_price(self, price: Price | None) -> bool:
        """Show what a part costs, None where that is not known; True if that takes another width."""
        if price == self._price:
            return False
        self._price = price
        self.update()
        return self._measure_width()

    def words(self) -> tuple[str, str, str]:
        """Encoding, units and parts, as they are painted."""
        return self._words

    def price_words(self) -> str:
        """What the text costs, "" where that is not known or nothing is written."""
        if self._price is None or not self._figures.units:
            return ""
        money = self._price.of(self._figures.segment_count)
        return self.tr("about %1").replace("%1", money.words)

    def _worded(self) -> tuple[str, str, str]:
        figures = self._figures
        encoding = self.tr("GSM-7") if figures.encoding == "gsm7" else self.tr("Unicode (UCS-2)")
        if figures.segment_count == 1:
            units = self.tr("%1 of %2 units").replace("%2", str(figures.units_per_segment))
        else:
            units = self.tr("%1 units, %2 left").replace("%2", str(figures.units_remaining))
        return (
            encoding,
            units.replace("%1", f"{figures.units:,}"),
            self.tr("%n part(s)", "", figures.segment_count),
        )

    @Slot()
    def _measure_width(self) -> bool:
        price = self.price_words()
        self.setAccessibleName(", ".join((*self._words, price) if price else self._words))
        texts = [*zip(self._words, self._fonts(), strict=True), (price, self._appearance.fonts.body)]
        wanted = sum(QFontMetricsF(font).horizontalAdvance(text) for text, font in texts) + WIDTH + 5 * _GAP
        width = round(wanted) + 2
        if width == self._width:
            return False
        self._width = width
        self.updateGeometry()
        return True

    def _fonts(self) -> tuple[QFont, QFont, QFont]:
        fonts = self._appearance.fonts
        several = self._figures.segment_count > 1
        return fonts.strong, fonts.body, fonts.strong if several else fonts.body

    # Qt overrides

    def sizeHint(self) -> QSize:
        """The room of its words, and a control's height."""
        height = QFontMetricsF(self._appearance.fonts.body).lineSpacing() + 10
        return QSize(self._width, max(24, round(height)))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw words and bar."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.window)
        encoding, units, parts = self._words
        strong, body, last = self._fonts()
        line = Line(painter, self, start=0)
        line.text(encoding, strong, theme.text, gap=_GAP)
        line.text(units, body, theme.text2, gap=_GAP)
        y = round((self.height() - HEIGHT) / 2)
        paint_bar(painter, line.take(WIDTH, gap=_GAP), y, self._figures, theme)
        line.text(parts, last, theme.text if self._figures.segment_count > 1 else theme.text2, gap=_GAP + 4)
        line.text(self.price_words(), body, theme.text)


class Cures(QWidget):
    """Why an encoding is costly or a text can't go, and the buttons that mend it.

    Signals: `replace_asked()`, `unicode_asked()`, `text_asked()`, `loss_accepted(bool)`; `more_asked()`, for
    all that would make the text cheaper.
    """

    more_asked = Signal()

    replace_asked = Signal()
    unicode_asked = Signal()
    text_asked = Signal()
    loss_accepted = Signal(bool)

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_sentence = False
        self._cause = IconLabel(appearance=appearance, icon="warning")
        self._cause.setObjectName("meter_cause")
        self.replace = Button("", appearance=appearance)
        self.replace.setObjectName("replace_characters")
        self.switch = Button(self.tr("Switch to Unicode"), appearance=appearance)
        self.switch.setObjectName("switch_to_unicode")
        self.as_text = Button(self.tr("Switch to Text"), appearance=appearance)
        self.as_text.setObjectName("switch_to_text")
        self.as_is = QCheckBox(self.tr("Send as is (arrives as ?)"))
        self.as_is.setObjectName("send_as_is")
        self.saving = QLabel()
        self.saving.setObjectName("saving")
        self.more = Button("", appearance=appearance, icon="more", look=ButtonLook.PLAIN, height_extra=6)
        self.more.setObjectName("more_fixes")
        self.more.setAccessibleName(self.tr("All suggestions"))
        self.more.setToolTip(self.tr("All suggestions (Ctrl+.)"))
        self._price: Price | None = None
        self._shown: tuple[Measure, str | None] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER_MS)
        self._later.timeout.connect(self._show_later)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._cause)
        layout.addWidget(self.replace)
        layout.addWidget(self.as_text)
        layout.addWidget(self.saving)
        layout.addWidget(self.switch)
        layout.addWidget(self.as_is)
        layout.addWidget(self.more)
        self.hide()

        self.more.clicked.connect(self.more_asked)
        self._appearance = appearance
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.replace.clicked.connect(self.replace_asked)
        self.switch.clicked.connect(self.unicode_asked)
        self.as_text.clicked.connect(self.text_asked)
        self.as_is.toggled.connect(self.loss_accepted)

    def show_price(self, price: Price | None) -> None:
        """Say what the cures save in money; None where that is not known."""
        if price != self._price:
            self._price = price
            if self._shown is not None:
                shown, note = self._shown
                self.show_measure(shown, note=note)

    @Slot()
    def _show_later(self) -> None:
        if self._shown is not None and self._shown[0].problem is not None:
            self._cause.show_words(self._shown[0].problem)

    @Slot()
    def _restyle(self) -> None:
        set_ink(self.saving, self._appearance.theme.text2)

    def show_measure(self, shown: Measure, *, note: str | None) -> None:
        """Show what stands in the way; `note` is a sentence about what was just tried."""
        before, self._shown = self._shown, (shown, note)
        if before is not None and _counts_on(before[0].problem, shown.problem) and note == before[1]:
            # A sentence of another width has the whole pane laid out anew: not at every key press.
            self._later.start()
            return
        problem = shown.problem or note
        offenders = shown.offenders
        if problem:
            self._cause.show_words(
                problem, icon="error" if shown.problem else "warning", tone="bad" if shown.problem else "warn"
            )
        elif offenders:
            self._cause.show_words(self._offenders_words(shown), icon="warning", tone="warn")
        elif shown.cheaper is not None:
            words = self.tr("All of it fits GSM-7")
            self._cause.show_words(words, icon="info", tone="plain")
        self.is_sentence = bool(problem)
        self._cause.setWordWrap(self.is_sentence)
        curable = bool(offenders) and not problem
        self.replace.setVisible(curable and bool(shown.replaceable))
        if curable and shown.replaceable:
            self.replace.set_label(self._replace_label(shown))
        self.switch.setVisible(curable and not self.as_is.isChecked())
        self.as_is.setVisible(curable)
        self.as_text.setVisible(not problem and not offenders and shown.cheaper is not None)
        cured = shown.cured if curable else shown.cheaper
        saved = 0 if problem or cured is None else shown.parts - cured
        self.saving.setVisible(saved > 0)
        if saved > 0 and cured is not None:
            self.saving.setText(self._saving_words(cured, saved))
        self.more.setVisible(curable)
        self.setVisible(bool(problem or offenders or shown.cheaper is not None))

    def _saving_words(self, cured: int, saved: int) -> str:
        words = self.tr("%n part(s)", "", cured)
        if self._price is None:
            return words
        return words + ", " + self.tr("saves %1").replace("%1", self._price.of(saved).words)

    def reset_loss(self) -> None:
        """Take back that characters may be lost, without telling."""
        blocked = self.as_is.blockSignals(True)
        self.as_is.setChecked(False)
        self.as_is.blockSignals(blocked)

    def _offenders_words(self, shown: Measure) -> str:
        first = character_name(shown.offenders[0].character)
        others = len(shown.offenders) - 1
        if not others:
            return self.tr("%1 is not in GSM-7").replace("%1", first)
        return self.tr("%1 and %n more are not in GSM-7", "", others).replace("%1", first)

    def _replace_label(self, shown: Measure) -> str:
        if len(shown.replaceable) > 1:
            label = self.tr("Replace %n", "", len(shown.replaceable))
        else:
            suggestion = shown.replaceable[0].suggestion or ""
            if not suggestion:
                label = self.tr("Leave it out")
            elif suggestion.isspace():
                label = (
                    self.tr("Replace with a space")
                    if suggestion == " "
                    else self.tr("Replace with a line end")
                )
            else:
                label = self.tr("Replace with %1").replace("%1", suggestion)
        return label


class Meter(QWidget):
    """Figures at the left edge, cures at the right; one under the other where the room is short."""

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("meter")
        self.figures = Figures(appearance=appearance)
        self.cures = Cures(appearance=appearance)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self.figures, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addStretch(1)
        self._layout.addWidget(self.cures)
        appearance.changed.connect(self._fit)

    def show_price(self, price: Price | None) -> None:
        """Show what a part costs."""
        wider = self.figures.show_price(price)
        self.cures.show_price(price)
        if wider or not self.cures.isHidden():
            self._fit()

    def show_measure(self, shown: Measure, *, note: str | None = None) -> None:
        """Show other figures and what stands in the way."""
        wider = self.figures.show_figures(shown.figures)
        were_hidden = self.cures.isHidden()
        self.cures.show_measure(shown, note=note)
        if wider or not (were_hidden and self.cures.isHidden()):
            self._fit()

    @Slot()
    def _fit(self) -> None:
        beside = (
            self.cures.isHidden()
            or self.figures.sizeHint().width() + 16 + self.cures.sizeHint().width() <= self.width()
        )
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if direction != self._layout.direction():
            self._layout.setDirection(direction)
        # Buttons follow their cause; a sentence takes the whole width and wraps.
        follows = not beside and not self.cures.is_sentence
        self._layout.setAlignment(
            self.cures, Qt.AlignmentFlag.AlignLeading if follows else Qt.AlignmentFlag(0)
        )

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """As narrow as one under the other: side by side they must not keep the window wide."""
        hint = super().minimumSizeHint()
        widest = max(part.minimumSizeHint().width() for part in (self.figures, self.cures))
        return QSize(min(hint.width(), widest), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the direction that fits."""
        super().resizeEvent(event)
        self._fit()
