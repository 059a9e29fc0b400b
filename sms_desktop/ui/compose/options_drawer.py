"""The options that every kind of message may carry: each with its unit, default, limit and document.

Part of the compose pane; folded away until it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from sms_desktop.messages import durations
from sms_desktop.messages.drafts import OPTION_FIELDS
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding
from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.services.offers import Offers, offers
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.fields import ChoiceField, TextField

OPTIONS = OPTION_FIELDS[1:]
"""The options by the API's names; the sender has a field of its own."""
_ONE_COLUMN_BELOW = 46  # characters of the font for each column: a hint must fit
_COLUMN_GAP = 24


class OptionsDrawer(QWidget):
    """One field for each option, in two columns where there is room.

    Signals: `changed()`, the person changed an option.
    """

    changed = Signal()

    def __init__(self, profile: Profile, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._offers = offers(profile.provider)
        self._columns = 0
        self.setObjectName("options_drawer")
        self.setAccessibleName(self.tr("Options"))
        self._fields = self._made(self._offers)
        self._hints = {name: field.hint for name, field in self._fields.items()}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 8, 0, 8)
        self._grid.setVerticalSpacing(4)
        self._grid.setHorizontalSpacing(8)
        for name, field in self._fields.items():
            field.changed.connect(self._changed)
            if name in self._offers.absent:
                control = field.focusProxy()
                assert control is not None
                control.setEnabled(False)
        self._lay_out(2)
        self._show_read_back()

    @property
    def number(self) -> int:
        """How many options are set."""
        return len(self.values())

    def values(self) -> dict[str, str]:
        """What is typed and chosen, by the API's names; what is left to the gateway is not in it."""
        return {name: field.value for name, field in self._fields.items() if field.value}

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these options, without telling."""
        for name, field in self._fields.items():
            if field.value != values.get(name, ""):
                field.show_value(values.get(name, ""))
        self._show_read_back()

    def show_findings(self, findings: Iterable[Finding]) -> None:
        """Say at each option what was found about it."""
        errors: dict[str, str] = {}
        warnings: dict[str, str] = {}
        for finding in findings:
            of = errors if finding.is_error else warnings
            of.setdefault(finding.field, finding.sentence)
        for name, field in self._fields.items():
            field.show_words(errors.get(name), warnings.get(name))

    def focus(self, name: str) -> bool:
        """Put the caret into an option; False if there is none of that name."""
        field = self._fields.get(name)
        if field is None:
            return False
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        control = field.focusProxy()
        if isinstance(control, QLineEdit):
            control.selectAll()
        return True

    @Slot()
    def _changed(self) -> None:
        self._show_read_back()
        self.changed.emit()

    def _show_read_back(self) -> None:
        """Say in milliseconds what was typed as a duration."""
        field = self._fields["ttl"]
        hint = self._hints["ttl"]
        if field.value:
            try:
                milliseconds = durations.parse(field.value, field="ttl")
            except Mendable:
                milliseconds = 0
            if milliseconds:
                hint = self.tr("%1 ms: %2").replace("%1", f"{milliseconds:,}".replace(",", "\u202f"))
                hint = hint.replace("%2", durations.say(milliseconds))
        if hint != field.hint:
            field.hint = hint
            field.show_words()

    def _made(self, known: Offers) -> dict[str, TextField | ChoiceField]:
        leave = self.tr("as the gateway does by itself")
        absent = self.tr("This provider has no such option.")
        receipts = self.tr("it sends receipts") if known.reports_by_default else self.tr("it sends none")
        reference = self.tr("1 to %1 characters; a fresh one if empty. Comes back in answer and receipt.")
        callback = self.tr("Address for receipts, %1 characters; the profile's relay if empty.")
        made: tuple[TextField | ChoiceField, ...] = (
            TextField(
                "ttl",
                self.tr("Time to live"),
                appearance=self._appearance,
                hint=self.tr("20 s to 7 days; 72 h if empty. For how long the gateway goes on trying."),
                placeholder=self.tr("as in 2 h or 3 days"),
            ),
            ChoiceField(
                "status-report-req",
                self.tr("Receipt"),
                (
                    ("", self.tr("As the gateway does")),
                    ("on", self.tr("Ask for a receipt")),
                    ("off", self.tr("Ask for none")),
                ),
                appearance=self._appearance,
                hint=self.tr("If it is left to the gateway, %1.").replace("%1", receipts),
            ),
            TextField(
                "callback",
                self.tr("Callback"),
                appearance=self._appearance,
                hint=callback.replace("%1", str(CALLBACK_MAXIMUM)),
                placeholder="https://",
                mono=True,
            ),
            ChoiceField(
                "message-class",
                self.tr("Class"),
                (
                    ("", self.tr("None")),
                    ("0", self.tr("0 · Flash, shown at once")),
                    ("1", self.tr("1 · Store on the phone")),
                    ("2", self.tr("2 · Store on the SIM")),
                    ("3", self.tr("3 · Terminal equipment")),
                ),
                appearance=self._appearance,
                hint=self.tr("Left out: the phone decides."),
            ),
            TextField(
                "client-ref",
                self.tr("Your reference"),
                appearance=self._appearance,
                hint=reference.replace("%1", str(known.client_ref_maximum)),
                mono=True,
            ),
            TextField(
                "account-ref",
                self.tr("Account reference"),
                appearance=self._appearance,
                hint=self.tr("Which of your accounts is billed; support enables it."),
                mono=True,
            ),
            TextField(
                "entity-id",
                self.tr("Entity id"),
                appearance=self._appearance,
                hint=self.tr("What some regulators ask for, India's among them."),
                mono=True,
            ),
            TextField(
                "content-id",
                self.tr("Content id"),
                appearance=self._appearance,
                hint=self.tr("The id of a template that the regulator knows."),
                mono=True,
            ),
            ChoiceField(
                "trusted-number",
                self.tr("Trusted number"),
                (("", self.tr("Not sent")), ("on", self.tr("Yes")), ("off", self.tr("No"))),
                appearance=self._appearance,
                hint=self.tr("Yes lifts fraud protection for this message, with Fraud Defender Premium."),
            ),
            TextField(
                "pool-id",
                self.tr("Number pool"),
                appearance=self._appearance,
                hint=self.tr("Numbers to send from; From is the fall-back."),
                mono=True,
            ),
        )
        for field in made:
            field.setToolTip(f"{field.name} ({known.document})")
            if field.name in known.absent:
                field.hint = absent
                field.show_words()
            elif not field.hint:
                field.hint = leave
        return {field.name: field for field in made}

    def _lay_out(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._fields) // columns)
        for at, field in enumerate(self._fields.values()):
            column, row = divmod(at, rows)
            self._grid.addWidget(field.label, row, 3 * column, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(field, row, 3 * column + 1, Qt.AlignmentFlag.AlignTop)
        for column in range(2):
            self._grid.setColumnStretch(3 * column + 1, 1 if column < columns else 0)
        self._grid.setColumnMinimumWidth(2, _COLUMN_GAP if columns > 1 else 0)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where two would be too narrow."""
        super().resizeEvent(event)
        wanted = 2 * _ONE_COLUMN_BELOW * self.fontMetrics().averageCharWidth()
        self._lay_out(2 if self.width() >= wanted else 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the hairline above."""
        QPainter(self).fillRect(0, 0, self.width(), 1, self._appearance.theme.line)
