"""The pane of binary messages: header and body in hexadecimal, protocol identifier, class, samples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from sms_desktop.encoding import dcs
from sms_desktop.encoding.encode import encode
from sms_desktop.encoding.inspect import Inspection, inspect_user_data
from sms_desktop.encoding.tree import Field
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary
from sms_desktop.services import octet_files, payloads
from sms_desktop.services.drafting import Written
from sms_desktop.services.octet_files import FileOctets
from sms_desktop.services.payloads import Payload
from sms_desktop.services.prices import Price
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.budget_bar import BudgetBar, Cell
from sms_desktop.ui.compose.class_box import ClassBox
from sms_desktop.ui.compose.element_table import ElementTable
from sms_desktop.ui.compose.field_note import FieldNote
from sms_desktop.ui.compose.hex_field import HexField, as_text
from sms_desktop.ui.compose.protocol_box import ProtocolBox
from sms_desktop.ui.compose.sheet import Sheet
from sms_desktop.ui.flow_layout import FlowLayout
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink

_LONGEST_HEADER = 256
"""Octets: a length octet counts no more than 255 behind it."""
_SPOKEN = 120


class BinarySheet(Sheet):
    """Fields for header, body, protocol identifier and class, with what they mean under them."""

    def __init__(self, *, appearance: Appearance, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(Kind.BINARY, parent)
        self._appearance = appearance
        self._tasks = tasks
        self._putting = False
        self._parts = 0
        self._before: Draft | None = None  # what stood here before a sample or a file took its place
        self.header = HexField("udh", appearance=appearance, lines=(1, 4))
        self.body = HexField("body", appearance=appearance, lines=(3, 9), beside=True)
        self.protocol = ProtocolBox()
        self.message_class = ClassBox()
        self.elements = ElementTable(appearance=appearance)
        self.budget = BudgetBar(appearance=appearance)
        self.header_note = FieldNote(appearance=appearance)
        self.body_note = FieldNote(appearance=appearance)
        self.header_note.setObjectName("binary_udh_note")
        self.body_note.setObjectName("binary_body_note")
        self.presets_button = _plain(self.tr("Presets"), "template", "binary_presets", appearance)
        self.file_button = _plain(self.tr("From file"), "import", "binary_file", appearance)
        self._header_said, self._body_said, self._coding = QLabel(), QLabel(), QLabel()
        self._cost = QLabel()
        self._coding.setObjectName("binary_coding")
        self._cost.setObjectName("binary_cost")
        self._quiet: list[QLabel] = [self._header_said, self._body_said, self._coding, self._cost]
        self._strong: list[QLabel] = []
        self._lay_out()
        self.setFocusProxy(self.header)
        self._name_fields()

        for name, field, note in (
            ("udh", self.header, self.header_note),
            ("body", self.body, self.body_note),
        ):
            field.setObjectName(f"binary_{name}")
            field.textChanged.connect(self._typed)
            field.noted.connect(lambda words, field=field, note=note: self._noted(field, note, words))
            field.refused.connect(lambda words, note=note: note.show_words(words, icon="error", tone="bad"))
            field.file_offered.connect(lambda path, field=field: self._read_file(field, path))
            note.undo_asked.connect(lambda field=field: self._undo(field))
        self.protocol.setObjectName("binary_protocol-id")
        self.protocol.editTextChanged.connect(self._typed)
        self.message_class.setObjectName("binary_message-class")
        self.message_class.currentIndexChanged.connect(self._class_chosen)
        self.presets_button.clicked.connect(self._ask_presets)
        self.file_button.clicked.connect(self._ask_file)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self._show_octets()

    # What the compose pane asks

    @property
    def parts(self) -> int:
        """1 for what can be sent, 0 else: a binary message is never split by us."""
        return self._parts

    def draft(self) -> Draft:
        """What is typed; the class is an option, which the pane keeps."""
        fields = {"udh": self.header.toPlainText(), "protocol-id": self.protocol.value()}
        return Draft(
            Kind.BINARY, self.body.toPlainText(), {name: each for name, each in fields.items() if each}
        )

    def put(self, draft: Draft) -> None:
        """Show a draft."""
        self._putting = True
        for field, text in ((self.header, draft.fields.get("udh", "")), (self.body, draft.text)):
            if field.toPlainText() != text:
                field.setPlainText(text)
        self.protocol.put(draft.fields.get("protocol-id", ""))
        self.message_class.put(draft.fields.get("message-class", ""))
        self._putting = False
        self._before = None
        self._show_octets()

    def show_written(self, written: Written) -> None:
        """Show class and data coding of what is written, and whether it can go."""
        given = written.options.message_class
        self.message_class.put("" if given is None else str(given))
        self._parts = 0
        message = written.message
        coding = dcs.EIGHT_BIT
        if isinstance(message, Binary) and self.draft():
            try:
                [part] = encode(message, message_class=given)
            except Mendable:
                pass  # said at the field, or by the bar
            else:
                self._parts = 0 if written.problems else 1
                coding = part.data_coding
        words = self.tr("Coding %1, %2").replace("%2", f"{coding:02X}")
        self._coding.setText(words.replace("%1", self.tr("8-bit")))
        self._coding.setToolTip(dcs.parse(coding).words)

    def show_price(self, price: Price | None) -> None:
        """Show what it costs, at the end of the last line."""
        cost = price.of(self._parts).words if price is not None and self._parts else ""
        self._cost.setText(self.tr("about %1").replace("%1", cost) if cost else "")

    @property
    def notes(self) -> frozenset[str]:
        """Header and body."""
        return frozenset({"udh", "body"})

    def fields(self) -> Mapping[str, QWidget]:
        """The fields."""
        return {
            "udh": self.header,
            "body": self.body,
            "protocol-id": self.protocol,
            "message-class": self.message_class,
        }

    def fill(self, draft: Draft, note: str) -> None:
        """Put a whole message in, as one step that `note` offers to undo."""
        before = self.draft()
        kept = self.message_class.currentData()
        self._replace(draft)
        self._before = Draft(
            before.kind, before.text, {**before.fields, **({"message-class": kept} if kept else {})}
        )
        self.body_note.show_words(note, icon="info", tone="quiet", undo=True)

    # Slots

    @Slot()
    def _typed(self) -> None:
        if self._putting:
            return
        self._before = None
        self._show_octets()
        self.changed.emit()

    @Slot()
    def _class_chosen(self) -> None:
        self.option_chosen.emit("message-class", self.message_class.currentData())

    @Slot()
    def _ask_presets(self) -> None:
        self._tasks.run(payloads.every, self._show_presets, self._file_failed)

    @Slot()
    def _ask_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Take the body from a file"))
        dialog.setObjectName("binary_file_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._read_file(self.body, Path(name)))
        dialog.open()

    # Inside

    def _replace(self, draft: Draft) -> None:
        self._putting = True
        for field, text in ((self.header, draft.fields.get("udh", "")), (self.body, draft.text)):
            if field.toPlainText() != text:
                field.replace_text(text)
        self.protocol.put(draft.fields.get("protocol-id", ""))
        self._putting = False
        self._show_octets()
        self.option_chosen.emit("message-class", draft.fields.get("message-class", ""))

    def _noted(self, field: HexField, note: FieldNote, words: str) -> None:
        note.show_words(words, icon="info", tone="quiet", undo=field.document().isUndoAvailable())

    def _undo(self, field: HexField) -> None:
        before, self._before = self._before, None
        if before is not None:
            self._replace(before)
        else:
            field.undo()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read_file(self, field: HexField, path: Path) -> None:
        note = self.header_note if field is self.header else self.body_note
        self._tasks.run(
            lambda: octet_files.read(path),
            lambda found: self._file_read(field, note, found),
            lambda error: note.show_words(error.message, icon="error", tone="bad"),
        )

    def _file_read(self, field: HexField, note: FieldNote, found: FileOctets) -> None:
        field.put_octets(found.octets)
        words = (
            self.tr("Read from %1: hexadecimal, %n octet(s).", "", len(found.octets))
            if found.spelled
            else self.tr("Read from %1 as it is, %n octet(s).", "", len(found.octets))
        )
        self._noted(field, note, words.replace("%1", found.name))
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _file_failed(self, error: SmsDesktopError) -> None:
        self.body_note.show_words(error.message, icon="error", tone="bad")

    def _show_presets(self, found: tuple[Payload, ...]) -> None:
        menu = QMenu(self)
        menu.setObjectName("binary_presets_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for payload in found:
            entry = QAction(payload.name.replace("&", "&&"), menu)
            entry.setObjectName(f"payload_{payload.id}")
            entry.setToolTip(f"{payload.sentence}\n{payload.source}")
            entry.triggered.connect(lambda _=False, chosen=payload: self._take_preset(chosen))
            menu.addAction(entry)
        menu.popup(self.presets_button.mapToGlobal(self.presets_button.rect().bottomLeft()))

    def _take_preset(self, payload: Payload) -> None:
        words = self.tr("%1: %2").replace("%2", payload.sentence).replace("%1", payload.name)
        self.fill(payload.draft(), words)
        self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_octets(self) -> None:
        """What header and body say, at each key press: bounded by what a header can hold."""
        header = self.header.octets or b""
        body = self.body.octets or b""
        found = self._inspected(header)
        elements = found.fields[1:] if found else ()
        problems = [each for each in (self.header.problem, *_sentences(found)) if each]
        self.header_note.show_words(
            " ".join(problems[:2]),
            icon="error" if self.header.problem else "warning",
            tone="bad" if self.header.problem else "warn",
        )
        self.body_note.show_words(self.body.problem or "", icon="error", tone="bad")
        self.elements.show_elements(tuple(elements))
        self.budget.show_octets(_cells(header, elements), len(body))
        said = self.tr("%n element(s)", "", len(elements)) + ", " if elements else ""
        self._header_said.setText(said + self.tr("%n octet(s)", "", len(header)) if header else "")
        self._body_said.setText(self.tr("%n octet(s)", "", len(body)) if body else "")
        self.header.setAccessibleDescription(self.header.problem or " ".join(problems))
        spoken = self.tr("As text: %1").replace("%1", as_text(body[:_SPOKEN])) if body else ""
        self.body.setAccessibleDescription(self.body.problem or spoken)

    @staticmethod
    def _inspected(header: bytes) -> Inspection | None:
        return inspect_user_data(udh=header[:_LONGEST_HEADER]) if header else None

    def _name_fields(self) -> None:
        self.header.setAccessibleName(self.tr("Header (UDH)"))
        self.header.setPlaceholderText(self.tr("none"))
        self.body.setAccessibleName(self.tr("Body"))
        self.protocol.name_for_access(self.tr("Protocol"))
        self.message_class.setAccessibleName(self.tr("Class"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(
            self._head(self.tr("Header (UDH)"), self.header, self._header_said, self.presets_button)
        )
        above: tuple[QWidget, ...] = (self.header, self.header_note, self.elements)
        for widget in above:
            column.addWidget(widget)
        column.addSpacing(2)
        column.addLayout(self._head(self.tr("Body"), self.body, self._body_said, self.file_button))
        below: tuple[QWidget, ...] = (self.body, self.body_note, self.budget)
        for widget in below:
            column.addWidget(widget)
        column.addSpacing(2)
        row = FlowLayout(spacing=12)
        for words, box in ((self.tr("Protocol"), self.protocol), (self.tr("Class"), self.message_class)):
            row.addWidget(self._labelled(words, box))
        row.addWidget(self._coding)
        row.addWidget(self._cost)
        column.addLayout(row)

    def _head(self, words: str, field: HexField, said: QLabel, button: Button) -> QHBoxLayout:
        label = QLabel(words)
        label.setBuddy(field)
        self._strong.append(label)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(said)
        row.addStretch(1)
        row.addWidget(button)
        return row

    def _labelled(self, words: str, box: QWidget) -> QWidget:
        pair = QWidget()
        label = QLabel(words)
        label.setBuddy(box)
        self._quiet.append(label)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label)
        row.addWidget(box)
        return pair

    @Slot()
    def _restyle(self) -> None:
        theme, fonts = self._appearance.theme, self._appearance.fonts
        for label in self._strong:
            label.setFont(fonts.strong)
        for label in self._quiet:
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_ink(label, theme.text2)
        for label in (self._coding, self._cost):
            label.setMinimumHeight(self.protocol.sizeHint().height())


def _plain(words: str, icon: str, name: str, appearance: Appearance) -> Button:
    button = Button(words, appearance=appearance, icon=icon, look=ButtonLook.PLAIN, height_extra=6)
    button.setObjectName(name)
    return button


def _sentences(found: Inspection | None) -> list[str]:
    """The problems of a header, each with the octet where it is."""
    if found is None:
        return []
    said = []
    for problem in found.problems:
        words = problem.message.rstrip(".")
        for number, element in enumerate(found.fields[1:], start=1):
            if element.bit_offset <= problem.bit_offset < element.bit_end:
                words = words.replace("The element's", f"Element {number}'s")
        said.append(f"{words} (octet {problem.bit_offset // 8 + 1}).")
    return said


def _cells(header: bytes, elements: tuple[Field, ...]) -> tuple[Cell, ...]:
    """The length octet, then the elements in the tints of what they say, then what stands behind them."""
    if not header:
        return ()
    cells = [Cell(1, 5, "length")]
    for element in elements:
        identifier = int(element.value[:2], 16)
        cells.append(Cell(len(element.value) // 2, _TINTS.get(identifier, 3), element.name))
    rest = len(header) - sum(cell.octets for cell in cells)
    return (*cells, Cell(rest, 5, "rest")) if rest > 0 else tuple(cells)


_TINTS = {0x00: 2, 0x08: 2, 0x04: 0, 0x05: 0, 0x22: 0}
