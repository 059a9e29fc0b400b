"""The fields of a card's form: a label, a line, and what is wrong with it. Used by the card sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QGridLayout, QMenu, QWidget

from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.bounded_line import BoundedLine, unseen
from sms_desktop.ui.fields import ChoiceBox, Field


@dataclass(frozen=True, slots=True)
class Spec:
    """A field: its name in the form, its label, what stands behind or in it, and whether it is seen at once.

    `choices` makes it a choice that stands in the row of the field before, `tick` a box with these words.
    """

    name: str
    label: str
    placeholder: str = ""
    seldom: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    tick: str = ""


class CardFields(QWidget):
    """Labels and fields in a grid; those seldom needed come by a button.

    Signals: `changed()`, by the person; `refused(sentence)`, something was not taken in.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self, kind: str, specs: tuple[Spec, ...], *, appearance: Appearance, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind = kind
        self._appearance = appearance
        self._specs = specs
        self._showing = False
        self._fields: dict[str, Field] = {}
        self.controls: dict[str, BoundedLine | ChoiceBox | QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, spec in enumerate(specs):
            self._add(grid, row, spec)
        self._more = Button(
            self.tr("Add field"), appearance=appearance, icon="plus", look=ButtonLook.PLAIN, height_extra=6
        )
        self._more.setObjectName(f"{kind}_add_field")
        self._more.clicked.connect(self._offer)
        grid.addWidget(self._more, len(specs), 1, Qt.AlignmentFlag.AlignLeft)
        grid.setRowStretch(len(specs) + 1, 1)
        self._fold(set())

    def values(self) -> dict[str, str]:
        """What is typed, by field; what is empty is not in it."""
        found: dict[str, str] = {}
        for name, control in self.controls.items():
            match control:
                case BoundedLine():
                    value = control.text()
                case ChoiceBox():
                    value = str(control.currentData() or "")
                case _:
                    value = "on" if control.isChecked() else ""
            if value:
                found[name] = value
        return found

    def show_values(self, values: Mapping[str, str]) -> None:
        """Show these; what is not in them is emptied."""
        self._showing = True
        for name, control in self.controls.items():
            value = values.get(name, "")
            match control:
                case BoundedLine():
                    control.show_text(value)
                case ChoiceBox():
                    control.setCurrentIndex(max(control.findData(value), 0))
                case _:
                    control.setChecked(value == "on")
        self._showing = False
        self._fold({name for name in values if values[name]})

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Say what is wrong, each at its field; and what can't be seen in one."""
        for name, field in self._fields.items():
            control = self.controls[name]
            hidden = unseen(control.text()) if isinstance(control, BoundedLine) else None
            words = self.tr("Holds a character that can't be seen: %1.").replace("%1", hidden or "")
            field.show_words(problems.get(name), words if hidden else None)

    def enable(self, enabled: bool) -> None:
        """Let it be typed into, or not; what is typed stays."""
        for control in self.controls.values():
            control.setEnabled(enabled)
        self._more.setEnabled(enabled)

    def _add(self, grid: QGridLayout, row: int, spec: Spec) -> None:
        if spec.choices:
            # It stands in the row of the field before it.
            before = self._fields[self._specs[row - 1].name]
            box = ChoiceBox(appearance=self._appearance)
            for value, words in spec.choices:
                box.addItem(words, value)
            box.setAccessibleName(spec.label)
            box.currentIndexChanged.connect(self._typed)
            before.row.addWidget(box)
            self.controls[spec.name] = box
            box.setObjectName(f"{self._kind}_{spec.name}")
            return
        field = Field(spec.name, spec.label, appearance=self._appearance)
        if spec.tick:
            tick = QCheckBox(spec.tick)
            field.row.addWidget(tick)
            field.take(tick)
            tick.setAccessibleName(spec.tick)
            tick.toggled.connect(self._typed)
            self.controls[spec.name] = tick
        else:
            line = BoundedLine(appearance=self._appearance, placeholder=spec.placeholder)
            field.row.addWidget(line)
            field.take(line)
            line.textChanged.connect(self._typed)
            line.refused.connect(self.refused)
            self.controls[spec.name] = line
        self.controls[spec.name].setObjectName(f"{self._kind}_{spec.name}")
        self._fields[spec.name] = field
        label = field.label
        label.setParent(self)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(field, row, 1)

    def _fold(self, needed: set[str]) -> None:
        """Show what is used always, what holds something, and what was asked for."""
        hidden = False
        for spec in self._specs:
            if spec.choices or spec.name not in self._fields:
                continue
            field = self._fields[spec.name]
            shown = not spec.seldom or spec.name in needed or (field.isVisibleTo(self) and self._holds(field))
            field.setVisible(shown)
            field.label.setVisible(shown)
            hidden = hidden or not shown
        self._more.setVisible(hidden)

    def _holds(self, field: Field) -> bool:
        """Whether the caret stands in a field: it does not vanish under the fingers."""
        control = self.controls[field.name]
        return control.hasFocus()

    @Slot()
    def _typed(self) -> None:
        if not self._showing:
            self.changed.emit()

    @Slot()
    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self._kind}_more_fields")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for spec in self._specs:
            if spec.name in self._fields and not self._fields[spec.name].isVisibleTo(self):
                entry = QAction(spec.label, menu)
                entry.setObjectName(f"add_{spec.name}")
                entry.triggered.connect(lambda _=False, name=spec.name: self._reveal(name))
                menu.addAction(entry)
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _reveal(self, name: str) -> None:
        field = self._fields[name]
        field.setVisible(True)
        field.label.setVisible(True)
        seldom = [
            self._fields[spec.name] for spec in self._specs if spec.seldom and spec.name in self._fields
        ]
        self._more.setVisible(any(not each.isVisibleTo(self) for each in seldom))
        self.controls[name].setFocus(Qt.FocusReason.OtherFocusReason)


def spoken(text: str, longest: int = 60) -> str:
    """A stranger's name for a sentence of ours: one line, not too long."""
    line = one_line(text)
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
