"""What the panes of vCards and vCalendars have in common: a form, its preview, and the text that is sent.

Form and text are kept in step both ways. The text is what counts: it is what is kept and sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sms_desktop.encoding.property_text import FormText
from sms_desktop.messages.drafts import MAIN_FIELD, Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.wire import Route
from sms_desktop.services.drafting import Written, unwritten
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.bounded_line import unseen
from sms_desktop.ui.compose.card_fields import CardFields, Spec
from sms_desktop.ui.compose.card_import import CardImport
from sms_desktop.ui.compose.card_preview import CardPreview, Shown
from sms_desktop.ui.compose.columns import Columns
from sms_desktop.ui.compose.form_area import FormArea
from sms_desktop.ui.compose.form_sheet import FormSheet
from sms_desktop.ui.compose.raw_text import RawText
from sms_desktop.ui.fields import ChoiceBox
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink

_PAUSE_MS = 150  # of typing into the text, before the form follows


class CardSheet(FormSheet):
    """Form, preview and text of one kind of card. `form` is its module in encoding."""

    def __init__(
        self,
        kind: Kind,
        form: ModuleType,
        *,
        usual: Route,
        tasks: TaskRunner,
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind, appearance=appearance, parent=parent)
        self._form = form
        self._usual = usual
        self._syncing = False
        self._problems: Mapping[str, str] = {}
        self._said: FormText | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._read_text)
        self._import = CardImport(kind, self, tasks=tasks, appearance=appearance)
        self.setAcceptDrops(True)

        self.form = CardFields(kind.value, self.specs(), appearance=appearance)
        self.preview = CardPreview(appearance=appearance)
        self.raw = RawText(appearance=appearance)
        self.raw.setAccessibleName(self.tr("Text that is sent"))
        self.state = IconLabel(appearance=appearance, icon="info", caption=True, tone="quiet")
        self.state.setObjectName(f"{kind.value}_state")
        self.news = IconLabel(appearance=appearance, icon="info", caption=True, tone="quiet")
        self.news.setObjectName(f"{kind.value}_news")
        self.caution = IconLabel(appearance=appearance, icon="warning", caption=True, tone="warn")
        for label in (self.state, self.news, self.caution):
            label.setWordWrap(True)
        self.version = ChoiceBox(appearance=appearance)
        self.version.setAccessibleName(self.tr("Version"))
        self.version.setObjectName(f"{kind.value}_version")
        self.route = ChoiceBox(appearance=appearance)
        self.route.setAccessibleName(self.tr("Send as"))
        self.import_button = Button(
            self.tr("From file"), appearance=appearance, icon="import", look=ButtonLook.PLAIN, height_extra=6
        )
        self.import_button.setObjectName(f"{kind.value}_from_file")
        for version, words in self.versions().items():
            self.version.addItem(words, version)
        for way, words in self.routes().items():
            self.route.addItem(words, way.value)
        self._quiet: list[QLabel] = []
        self._lay_out()
        self.hold(MAIN_FIELD[kind], self.raw)
        self.hold("as", self.route)

        self.form.changed.connect(self._form_changed)
        self.form.refused.connect(self._tell_refused)
        self.raw.refused.connect(self._tell_refused)
        self.raw.file_given.connect(self._import.read)
        self.version.activated.connect(self._version_chosen)
        self.import_button.clicked.connect(lambda: self._import.ask(self.file_filters()))
        self._import.taken.connect(self.take_text)
        self._import.told.connect(self.tell)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self._read_text()

    # What the pane asks

    def draft(self) -> Draft:
        """The text, how it goes, and what of the form is not in it yet."""
        fields = {"as": str(self.route.currentData())}
        values = self.form.values()
        left = {name: values[name] for name in self._problems if values.get(name)}
        if left:
            fields["typed"] = json.dumps(left, ensure_ascii=False)
        return Draft(self._kind, self.raw.text(), fields)

    def put(self, draft: Draft) -> None:
        """Show a draft, form and text."""
        self._putting = True
        self.raw.replace_text(draft.text)
        self.route.setCurrentIndex(max(self.route.findData(draft.fields.get("as", self._usual.value)), 0))
        self._putting = False
        self._problems = {}
        self.tell("")
        self._read_text()
        if left := unwritten(draft):
            self.form.show_values({**self.form.values(), **left})
            self._write_form()

    def show_written(self, written: Written) -> None:
        """Show the octets."""
        super().show_written(written)
        self._say_state()

    def fields(self) -> Mapping[str, QWidget]:
        """Text, route, and every field of the form."""
        return {**super().fields(), **self.form.controls}

    @Slot(str)
    def take_text(self, text: str) -> None:
        """Take another card in place of what is written; Undo in the text brings that back."""
        self._replace(text)
        self.changed.emit()

    @Slot(str, bool)
    def tell(self, words: str, bad: bool = False) -> None:
        """Say how something went that was just tried; "" takes it back."""
        self.news.show_words(words, icon="warning" if bad else "info", tone="warn" if bad else "quiet")
        self.news.setVisible(bool(words))
        self.noted.emit(words)

    # Slots

    @Slot()
    def _typed(self) -> None:
        """The text or the route was changed by the person."""
        if self._putting or self._syncing:
            return
        if self.raw.mend():
            return  # which comes back here
        self._pause.start()
        self.changed.emit()

    @Slot()
    def _form_changed(self) -> None:
        self.tell("")
        self._write_form()
        self.changed.emit()

    @Slot()
    def _read_text(self) -> None:
        self._follow_text()

    def _follow_text(self) -> FormText | None:
        """Let the form follow the text, or say what can't be read there: then None."""
        self._pause.stop()
        text = self.raw.text()
        try:
            said: FormText = self._form.read_form(text)
        except Mendable as refused:
            self._said = None
            self.form.enable(False)
            self.preview.show_unread()
            self.setFocusProxy(self.raw)
            words = self.tr("%1 The text is sent as it stands; the form follows once it can be read.")
            self.state.show_words(words.replace("%1", refused.message), icon="warning", tone="warn")
            self.state.show()
            return None
        self._said = said
        self.form.enable(True)
        self.setFocusProxy(next(iter(self.form.controls.values())))
        if said.version:
            self._show_version(said.version)
        kept = {name: self.form.values().get(name, "") for name in self._problems}
        self.form.show_values({**said.values, **{name: value for name, value in kept.items() if value}})
        self._show_form()
        return said

    @Slot()
    def _version_chosen(self) -> None:
        chosen = str(self.version.currentData())
        try:
            text = self._form.in_version(self.raw.text(), chosen)
        except Mendable as refused:
            self.tell(refused.message, bad=True)
            if self._said is not None and self._said.version:
                self._show_version(self._said.version)
            return
        self._replace(text)
        self.changed.emit()

    @Slot(str)
    def _tell_refused(self, sentence: str) -> None:
        self.tell(sentence, bad=True)

    @Slot()
    def _restyle(self) -> None:
        for label in self._quiet:
            set_ink(label, self._appearance.theme.text2)
            label.setFont(self._appearance.fonts.body)
        self._head.setFont(self._appearance.fonts.strong)
        self._hint.setFont(self._appearance.fonts.caption)

    def add_button(self, button: Button) -> None:
        """Put a further button behind "From file"."""
        self._buttons.addWidget(button)

    # What the kinds say

    def specs(self) -> tuple[Spec, ...]:
        """The fields of the form."""
        raise NotImplementedError

    def versions(self) -> dict[str, str]:
        """The versions that can be written, with their words."""
        raise NotImplementedError

    def routes(self) -> dict[Route, str]:
        """The ways to send it, with their words."""
        raise NotImplementedError

    def file_filters(self) -> list[str]:
        """The kinds of files that hold such cards."""
        raise NotImplementedError

    def shown(self, values: Mapping[str, str]) -> Shown:
        """The preview of these fields."""
        raise NotImplementedError

    def kept_words(self, said: FormText) -> str:
        """What the text holds beyond the form, in a sentence; "" if nothing."""
        raise NotImplementedError

    # Inside

    def _replace(self, text: str) -> None:
        """Put another text, and let the form follow at once."""
        self._syncing = True
        self.raw.replace_text(text)
        self._syncing = False
        self._problems = {}
        self._read_text()

    def _write_form(self) -> None:
        """Let the text follow the form."""
        values = self.form.values()
        if self._pause.isActive() and self._said is not None:
            # The text was typed into just now: only what differs from what was read last is the form's.
            before = self._said.values
            own = {
                name: values.get(name, "")
                for name in self.form.controls
                if values.get(name, "") != before.get(name, "")
            }
            said = self._follow_text()
            if said is None:
                return
            values = {name: value for name, value in {**said.values, **own}.items() if value}
            self.form.show_values(values)
        if not self.version.currentData():
            self.version.setCurrentIndex(0)
        try:
            written = self._form.write_form(self.raw.text(), values, str(self.version.currentData()))
            self._said = self._form.read_form(written.text)
        except Mendable as refused:  # the text was changed and not read yet
            self.tell(refused.message, bad=True)
            return
        self._problems = written.problems
        self._syncing = True
        self.raw.replace_text(written.text)
        self._syncing = False
        self._pause.stop()
        self._show_form()

    def _show_form(self) -> None:
        self.form.show_problems(self._problems)
        self.preview.show_card(self.shown(self.form.values()))
        self._say_state()

    def _say_state(self) -> None:
        if self._said is None:
            return
        hidden = unseen(self.raw.text())
        words, tone = self.kept_words(self._said), "quiet"
        if hidden is not None:
            words = self.tr("The text holds a character that can't be seen: %1.").replace("%1", hidden)
            tone = "warn"
        icon = "warning" if tone == "warn" else "info"
        self.state.show_words(words, icon=icon, tone="warn" if tone == "warn" else "quiet")
        self.state.setVisible(bool(words))

    def _show_version(self, version: str) -> None:
        """Choose the version that the text says; one that phones don't take is named and not offered."""
        at = self.version.findData(version)
        self.version.setPlaceholderText(version)
        self.version.setCurrentIndex(at)

    def _lay_out(self) -> None:
        self._head = QLabel(self.tr("Text that is sent"))
        self._head.setBuddy(self.raw)
        self._hint = QLabel(self.tr("edits go both ways"))
        self._quiet.append(self._hint)
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self._head)
        self._hint.setWordWrap(True)
        self._buttons.addWidget(self._hint, 1)
        self._buttons.addWidget(self.import_button)
        right = QWidget()
        block = QVBoxLayout(right)
        block.setContentsMargins(0, 0, 0, 0)
        block.setSpacing(6)
        block.addLayout(self._buttons)
        block.addWidget(self.raw, 1)
        for words in (self.state, self.news, self.caution):
            block.addWidget(words)
        block.addStretch()
        content = Columns(self.form, self.preview, right)
        self.area = FormArea(content)
        choices = QHBoxLayout()
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(8)
        for name, box in ((self.tr("Version"), self.version), (self.tr("Send as"), self.route)):
            label = QLabel(name)
            label.setBuddy(box)
            self._quiet.append(label)
            choices.addWidget(label)
            choices.addWidget(box)
            choices.addSpacing(8)
        choices.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.area)
        column.addLayout(choices)
        column.addWidget(self.octets)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the first file."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._import.read(Path(files[0]))
