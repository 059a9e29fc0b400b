"""One step of the connection test: icon, name, result, and what to do when it failed. Used by the panel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.flow_layout import FlowLayout
from sms_desktop.ui.style import frame, set_ink

_ICON = 16
_GUTTER = 36
_RADIUS = 6


class StepRow(QWidget):
    """One step. Signals: `cure_asked(cure)`."""

    cure_asked = Signal(object)

    def __init__(self, step: ProofStep, name: str, *, appearance: Appearance) -> None:
        super().__init__()
        self.step = step
        self.proof: Proof | None = None
        self._busy = False
        self._appearance = appearance
        self._name_text = name
        self.setObjectName(f"step_{step.value}")
        self.name = QLabel(name)
        self.name.setWordWrap(True)
        self.result = QLabel()
        self.result.setObjectName(f"result_{step.value}")
        self.result.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.cause = QLabel()
        self.cause.setObjectName(f"cause_{step.value}")
        self.cause.setWordWrap(True)
        for label in (self.name, self.result, self.cause):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.cause.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cures = QWidget()
        self._flow = FlowLayout(parent=self._cures)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._cures.setSizePolicy(policy)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name, 1)
        head.addWidget(self.result)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(_GUTTER + 10, 9, 10, 9)
        self._box.setSpacing(8)
        self._box.addLayout(head)
        self._box.addWidget(self.cause)
        self._box.addWidget(self._cures)
        appearance.changed.connect(self._restyle)
        self.show_proof(None, result="", cures=())

    def show_busy(self, words: str) -> None:
        """Say that this step is being tried."""
        self.show_proof(None, result=words, cures=())
        self._busy = True
        self.update()

    def show_proof(
        self, proof: Proof | None, *, result: str, cures: tuple[tuple[Cure, str, str], ...]
    ) -> None:
        """Show what was found; `cures` are the buttons of a failed step: what, label and icon."""
        self.proof, self._busy = proof, False
        failed = proof is not None and proof.status is ProofStatus.FAILED
        self.result.setText(result)
        words = ""
        if proof is not None and failed:
            # A gateway's own words may stand at its end, without a full stop.
            words = f"{proof.detail}\n{proof.advice}" if proof.advice else proof.detail
        elif proof is not None and proof.status is ProofStatus.UNAVAILABLE:
            self.result.setToolTip(proof.detail)
        self.cause.setText(words)
        self.cause.setVisible(bool(words))
        self._show_cures(cures)
        spoken = f"{self._name_text}: {result}" if result else self._name_text
        self.setAccessibleName(f"{spoken}. {words}" if words else spoken)
        self._restyle()

    def _show_cures(self, cures: tuple[tuple[Cure, str, str], ...]) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for cure, label, icon in cures:
            button = Button(label, appearance=self._appearance, icon=icon, height_extra=8)
            button.setObjectName(f"cure_{self.step.value}_{cure.value}")
            button.clicked.connect(self._asking(cure))
            self._flow.addWidget(button)
        self._cures.setVisible(bool(cures))

    def _asking(self, cure: Cure) -> Callable[[], None]:
        return lambda: self.cure_asked.emit(cure)

    @property
    def _failed(self) -> bool:
        return self.proof is not None and self.proof.status is ProofStatus.FAILED

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        self.name.setFont(fonts.strong if self._failed else fonts.body)
        set_ink(self.name, theme.text)
        set_ink(self.result, theme.bad if self._failed else theme.text2)
        set_ink(self.cause, theme.text)
        self.update()

    def _mark(self) -> tuple[str, QColor]:
        theme = self._appearance.theme
        if self._busy:
            return "step-busy", theme.accent
        if self.proof is None:
            return "step-idle", theme.text2
        match self.proof.status:
            case ProofStatus.PASSED:
                return "ok", theme.ok
            case ProofStatus.FAILED:
                return "state-failed", theme.bad
            case ProofStatus.UNAVAILABLE:
                return "step-skipped", theme.text2

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line, the icon, and the ground of a failed step."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        centre = self.width() - _GUTTER / 2 if mirrored else _GUTTER / 2
        y = 9 + self.name.height() / 2
        steps = list(ProofStep)
        painter.setPen(QPen(theme.line2 if not theme.tinted else theme.line, 1.5))
        if self.step is not steps[0]:
            painter.drawLine(round(centre), 0, round(centre), round(y - _ICON / 2 - 3))
        if self.step is not steps[-1]:
            painter.drawLine(round(centre), round(y + _ICON / 2 + 3), round(centre), self.height())
        icon, ink = self._mark()
        self._appearance.icons.paint(painter, icon, ink, centre - _ICON / 2, y - _ICON / 2)
        if self._failed:
            rect = QRectF(self.rect()).adjusted(
                0 if mirrored else _GUTTER, 1, -_GUTTER if mirrored else 0, -1
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.bad_ground)
            painter.drawRoundedRect(rect, _RADIUS, _RADIUS)
            frame(painter, rect, theme.bad, width=theme.edge, radius=_RADIUS)
