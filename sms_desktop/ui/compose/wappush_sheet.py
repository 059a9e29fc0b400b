"""The pane of WAP Push messages: title, link, for how long, how loudly, and who builds the octets."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.encoding.wap_push import SiAction
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.durations import say
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import WapPush
from sms_desktop.messages.wire import Route
from sms_desktop.services.drafting import Written
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.compose.bounded_line import BoundedLine, unseen
from sms_desktop.ui.compose.columns import Columns
from sms_desktop.ui.compose.form_area import FormArea
from sms_desktop.ui.compose.form_sheet import FormSheet
from sms_desktop.ui.compose.push_preview import PushPreview
from sms_desktop.ui.fields import ChoiceBox, Field
from sms_desktop.ui.icon_label import IconLabel
from sms_desktop.ui.style import set_ink

_API_ONLY = ("validity",)
_BINARY_ONLY = ("expires", "created", "action", "id")
_HOUR = 3_600_000
_OFFERED = (_HOUR, 6 * _HOUR, 24 * _HOUR, 48 * _HOUR, 7 * 24 * _HOUR)


class WapPushSheet(FormSheet):
    """Form, preview, octets. `usual` is the way that the provider takes."""

    def __init__(self, *, usual: Route, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(Kind.WAPPUSH, appearance=appearance, parent=parent)
        self._usual = usual
        self._rows: dict[str, Field] = {}
        self._beside: dict[str, QLabel] = {}
        self._quiet: list[QLabel] = []
        self.build = QRadioButton(self.tr("Build here, send as binary"))
        self.build.setObjectName("wappush_as_binary")
        self.leave = QRadioButton(self.tr("Let the gateway build it (type=wappush)"))
        self.leave.setObjectName("wappush_as_api")
        self._routes = QButtonGroup(self)
        for button in (self.build, self.leave):
            self._routes.addButton(button)
            button.setAccessibleDescription(self.tr("Send as"))
        self.preview = PushPreview(appearance=appearance)
        self.news = IconLabel(appearance=appearance, icon="warning", caption=True, tone="warn")
        self.news.setObjectName("wappush_news")
        self.caution = IconLabel(appearance=appearance, icon="info", caption=True, tone="quiet")
        for label in (self.news, self.caution):
            label.setWordWrap(True)
        self.caution.show_words(self.tr("Modern phones ignore WAP Push: delivered does not mean shown."))
        self.news.hide()
        self._lay_out()
        self._choose(usual)
        self.build.toggled.connect(self._route_toggled)
        appearance.changed.connect(self._restyle)
        self._restyle()
        self._show_route()

    @property
    def route(self) -> Route:
        """Who builds the octets."""
        return Route.BINARY if self.build.isChecked() else Route.API

    def draft(self) -> Draft:
        """What is typed, in fields that do not apply too, and how it goes."""
        found = super().draft()
        return Draft(found.kind, found.text, {**found.fields, "as": self.route.value})

    def put(self, draft: Draft) -> None:
        """Show a draft."""
        super().put(draft)
        self._putting = True
        self._choose(Route.API if draft.fields.get("as", self._usual) == Route.API else Route.BINARY)
        self._putting = False
        self._say("")
        self._show_route()

    @property
    def notes(self) -> frozenset[str]:
        """All but title and choice."""
        return frozenset(self._rows)

    def fields(self) -> Mapping[str, QWidget]:
        """The fields, and the choice of the route."""
        return {**super().fields(), "as": self.build if self.build.isChecked() else self.leave}

    def show_written(self, written: Written) -> None:
        """Show the octets, the preview, and what is wrong with each field."""
        super().show_written(written)
        if not isinstance(written.message, WapPush):
            return
        self.preview.show_push(written.message.title, written.message.url)
        problems = {problem.field: problem.sentence for problem in written.problems}
        for name, row in self._rows.items():
            control = self.fields()[name]
            hidden = unseen(control.text()) if isinstance(control, BoundedLine) else None
            words = self.tr("Holds a character that can't be seen: %1.").replace("%1", hidden or "")
            row.show_words(problems.get(name), words if hidden else None)
        self._show_beside(written.message)

    # Slots

    @Slot()
    def _route_toggled(self) -> None:
        self._show_route()
        self._typed()

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self.news.show_words(sentence)
        self.news.setVisible(bool(sentence))
        self.noted.emit(sentence)

    @Slot()
    def _restyle(self) -> None:
        for label in (*self._quiet, *self._beside.values()):
            set_ink(label, self._appearance.theme.text2)
        for label in (self._port, *self._beside.values()):
            label.setFont(self._appearance.fonts.caption)

    # Inside

    def _choose(self, route: Route) -> None:
        (self.build if route is Route.BINARY else self.leave).setChecked(True)

    def _show_route(self) -> None:
        """Let the fields be typed into that the route can carry; the others say why not."""
        theirs = self.route is Route.API
        for name in (*_API_ONLY, *_BINARY_ONLY):
            applies = theirs if name in _API_ONLY else not theirs
            self._held[name].setEnabled(applies)
        self.offer.setVisible(theirs)
        self._port.setText(self.tr("size is our estimate") if theirs else self.tr("port 2948, WAP Push"))
        self._show_beside(None)

    def _show_beside(self, push: WapPush | None) -> None:
        theirs = self.route is Route.API
        validity = ""
        if not theirs:
            validity = self.tr("only with type=wappush")
        elif push is not None and push.validity_ms is not None:
            validity = self.tr("%1 ms").replace("%1", f"{push.validity_ms:,}".replace(",", "\u202f"))
        reason = self.tr("only when built here")
        words = {
            "validity": validity,
            "expires": reason if theirs else self.tr("UTC"),
            "created": reason if theirs else self.tr("UTC"),
            "action": reason if theirs else self.tr("how loudly the phone announces it"),
            "id": reason if theirs else self.tr("a later one with it replaces this"),
        }
        for name, said in words.items():
            self._beside[name].setText(said)
            self._held[name].setAccessibleDescription(said)

    def _lay_out(self) -> None:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._row(grid, "title", self.tr("Title"), self._line())
        self._row(grid, "url", self.tr("Link"), self._line(mono=True, placeholder="https://"))
        self._add_routes(grid)
        self._row(grid, "validity", self.tr("Valid for"), self._durations())
        self._row(grid, "action", self.tr("Signal"), self._actions())
        moment = "2026-11-28 18:30"
        self._row(grid, "expires", self.tr("Expires"), self._line(placeholder=moment))
        self._row(grid, "created", self.tr("Created"), self._line(placeholder=moment))
        self._row(grid, "id", self.tr("Id"), self._line())
        self.area = FormArea(Columns(form, self.preview))
        self._port = QLabel()
        self._quiet.append(self._port)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.caution, 1)
        below.addWidget(self._port)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.area)
        column.addWidget(self.news)
        column.addLayout(below)
        column.addWidget(self.octets)

    def _add_routes(self, grid: QGridLayout) -> None:
        """Before the fields that depend on it."""
        label = QLabel(self.tr("Send as"))
        self._quiet.append(label)
        ways = QVBoxLayout()
        ways.setSpacing(4)
        ways.addWidget(self.build)
        ways.addWidget(self.leave)
        grid.addWidget(label, grid.rowCount(), 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(ways, grid.rowCount() - 1, 1)

    def _row(self, grid: QGridLayout, name: str, label: str, control: BoundedLine | ChoiceBox) -> None:
        row = Field(name, label, appearance=self._appearance)
        row.row.addWidget(control, 1)
        row.take(control)
        self.hold(name, control)
        self._rows[name] = row
        if name == "validity":
            row.row.addWidget(self.offer)
        if name not in {"title", "url"}:
            beside = QLabel()
            beside.setTextFormat(Qt.TextFormat.PlainText)
            beside.setWordWrap(True)
            row.row.addWidget(beside, 1)
            self._beside[name] = beside
        at = grid.rowCount()
        row.label.setParent(grid.parentWidget())
        grid.addWidget(row.label, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(row, at, 1)

    def _line(self, *, mono: bool = False, placeholder: str = "") -> BoundedLine:
        line = BoundedLine(appearance=self._appearance, mono=mono, placeholder=placeholder)
        line.refused.connect(self._say)
        return line

    def _durations(self) -> BoundedLine:
        line = self._line(placeholder=say(48 * _HOUR))
        self.offer = Button("", appearance=self._appearance, icon="chevron-down")
        self.offer.setObjectName("wappush_durations")
        self.offer.setAccessibleName(self.tr("Choose a duration"))
        self.offer.setToolTip(self.tr("Choose a duration"))
        self.offer.clicked.connect(self._offer_durations)
        return line

    @Slot()
    def _offer_durations(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("wappush_duration_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        field = self._held["validity"]
        assert isinstance(field, BoundedLine)
        for words in map(say, _OFFERED):
            entry = QAction(words, menu)
            entry.triggered.connect(lambda _=False, chosen=words: field.setText(chosen))
            menu.addAction(entry)
        menu.popup(self.offer.mapToGlobal(self.offer.rect().bottomLeft()))

    def _actions(self) -> ChoiceBox:
        box = ChoiceBox(appearance=self._appearance)
        for value, words in (
            ("", self.tr("Not said (medium)")),
            (SiAction.SIGNAL_NONE.value, self.tr("None")),
            (SiAction.SIGNAL_LOW.value, self.tr("Low")),
            (SiAction.SIGNAL_MEDIUM.value, self.tr("Medium")),
            (SiAction.SIGNAL_HIGH.value, self.tr("High")),
            (SiAction.DELETE.value, self.tr("Delete what has this id")),
        ):
            box.addItem(words, value)
        return box
