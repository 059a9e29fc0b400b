"""The connection test: a column of steps joined by a line, the failed one with what to do about it.

Used by the dialog.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep
from sms_desktop.ui.accounts.step_row import StepRow
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.flow_layout import FlowLayout
from sms_desktop.ui.style import set_ink


class ProofPanel(QFrame):
    """Head, steps, and what can be done with the test.

    Signals: `test_asked()`; `connect_asked()`; `cure_asked(proof, cure)`; `report_asked()`.
    """

    test_asked = Signal()
    connect_asked = Signal()
    cure_asked = Signal(object, object)
    report_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setObjectName("proof_panel")
        self._may_connect = False
        self._head = QLabel(self.tr("Connection test"))
        self.summary = QLabel()
        self.summary.setObjectName("test_summary")
        self.rows: dict[ProofStep, StepRow] = {}
        names = {
            ProofStep.KEYRING: self.tr("Keyring"),
            ProofStep.CREDENTIALS: self.tr("Credentials"),
            ProofStep.BALANCE: self.tr("Balance"),
            ProofStep.RELAY: self.tr("Relay"),
            ProofStep.CALLBACK: self.tr("Callback"),
            ProofStep.LOOP: self.tr("Loop: write to the relay, read it back"),
        }
        steps = QWidget()
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for step, name in names.items():
            row = StepRow(step, name, appearance=appearance)
            row.cure_asked.connect(self._asking(row))
            self.rows[step] = row
            column.addWidget(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setViewport(QWidget())
        area.setWidget(steps)
        steps.setAutoFillBackground(False)
        self._area = area
        self.test = Button(self.tr("Test"), appearance=appearance, icon="retry")
        self.test.setObjectName("test_account")
        self.connecting = Button(
            self.tr("Connect this account to my relay"), appearance=appearance, icon="link"
        )
        self.connecting.setObjectName("connect_account")
        self.report = Button(
            self.tr("Copy report"), appearance=appearance, icon="copy", look=ButtonLook.PLAIN
        )
        self.report.setObjectName("copy_report")
        policy = self.report.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # what is pressed twice stays where it is
        self.report.setSizePolicy(policy)
        head = QHBoxLayout()
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(self.summary)
        foot = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        foot.setSizePolicy(policy)
        buttons = FlowLayout(parent=foot)
        for button in (self.test, self.connecting, self.report):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        layout.addWidget(foot)
        self.test.clicked.connect(self.test_asked)
        self.connecting.clicked.connect(self.connect_asked)
        self.report.clicked.connect(self.report_asked)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self.clear()

    def clear(self) -> None:
        """Show that nothing was tried."""
        for row in self.rows.values():
            row.show_proof(None, result=self.tr("not run"), cures=())
        self.summary.setText("")
        self.test.set_label(self.tr("Test"))
        self.report.hide()
        self.connecting.setVisible(self._may_connect)

    def show_connecting(self, shown: bool) -> None:
        """Offer to connect the account, or not: there is no relay to connect it to."""
        self._may_connect = shown
        offered = any(Cure.CONNECT in proof.cures for proof in self.proofs)
        self.connecting.setVisible(shown and not offered)

    def begin(self) -> None:
        """Show that the test runs."""
        self.clear()
        self.rows[ProofStep.KEYRING].show_busy(self.tr("trying"))
        self.summary.setText(self.tr("testing"))
        self.test.set_label(self.tr("Test again"))

    def show_step(self, proof: Proof, *, field: str) -> None:
        """Show what a step found; the next one is tried. `field` is how the field at fault is called."""
        row = self.rows[proof.step]
        row.show_proof(proof, result=self._result(proof), cures=self._cures(proof, field))
        if Cure.CONNECT in proof.cures:
            self.connecting.hide()  # it stands in the step
        if proof.status is ProofStatus.FAILED:
            self._area.ensureWidgetVisible(row)
        steps = list(ProofStep)
        at = steps.index(proof.step) + 1
        if at < len(steps):
            self.rows[steps[at]].show_busy(self.tr("trying"))

    def end(self) -> None:
        """Show how many steps passed."""
        proofs = self.proofs
        passed = sum(proof.status is ProofStatus.PASSED for proof in proofs)
        words = self.tr("%1 of %2 passed").replace("%1", str(passed)).replace("%2", str(len(self.rows)))
        self.summary.setText(words)
        self.report.setVisible(bool(proofs))

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What was found so far."""
        return tuple(row.proof for row in self.rows.values() if row.proof is not None)

    def report_text(self, name: str) -> str:
        """What was found, as text for a ticket; without secrets, as every proof is."""
        lines = [name]
        for row in self.rows.values():
            if row.proof is not None:
                lines.append(f"{row.proof.step.value:<12}{row.proof.status.value:<12}{row.proof.detail}")
                if row.proof.advice:
                    lines.append(f"{'':<24}{row.proof.advice}")
        return "\n".join(lines) + "\n"

    def _asking(self, row: StepRow) -> Callable[[object], None]:
        return lambda cure: self.cure_asked.emit(row.proof, cure)

    def _result(self, proof: Proof) -> str:
        took = "" if proof.milliseconds is None else self.tr("%1 ms").replace("%1", f"{proof.milliseconds:,}")
        if proof.status is ProofStatus.UNAVAILABLE:
            return self.tr("not run")
        if proof.status is ProofStatus.FAILED:
            words = self.tr("failed")
        else:
            words = proof.value or {
                ProofStep.KEYRING: self.tr("in memory until you quit"),
                ProofStep.CREDENTIALS: self.tr("accepted"),
                ProofStep.RELAY: self.tr("readable"),
                ProofStep.CALLBACK: self.tr("leads to the relay"),
                ProofStep.LOOP: self.tr("came back"),
            }.get(proof.step, self.tr("passed"))
        return f"{words}, {took}" if took else words

    def _cures(self, proof: Proof, field: str) -> tuple[tuple[Cure, str, str], ...]:
        labels = {
            Cure.TRY_AGAIN: (self.tr("Test again"), "retry"),
            Cure.FIELD: (self.tr("Go to %1").replace("%1", field), "compose"),
            Cure.IN_MEMORY: (self.tr("Keep it in memory until quit"), "clock"),
            Cure.INSTALL_KEYRING: (self.tr("How to install one"), "info"),
            Cure.CONNECT: (self.tr("Connect it to my relay"), "link"),
        }
        return tuple((cure, *labels[cure]) for cure in proof.cures if cure is not Cure.FIELD or field)

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        self._head.setFont(fonts.title)
        set_ink(self.summary, theme.text2)
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline at its side."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.base)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        painter.fillRect(self.width() - 1 if mirrored else 0, 0, 1, self.height(), theme.line)
