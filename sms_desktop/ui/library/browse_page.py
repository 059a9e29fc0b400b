"""The page of the popup that lists: two drawers, search, and what can be done with an entry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sms_desktop.services.collection import Unreadable
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.flow_layout import FlowLayout
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.library.entries import Drawer, Entry
from sms_desktop.ui.library.shelf import Shelf

_ICONS = {"ok": "ok", "warn": "warning", "bad": "error"}
_TOLD = 3


class BrowsePage(QWidget):
    """Chips for templates and requests, the shelf, and buttons.

    Signals: `drawer_changed()`, `save_asked()`, `rename_asked(entry)`, `duplicate_asked(entry)`,
    `remove_asked(entry)`, `import_asked()`, `close_asked()`.
    """

    drawer_changed = Signal()
    save_asked = Signal()
    rename_asked = Signal(object)
    duplicate_asked = Signal(object)
    remove_asked = Signal(object)
    import_asked = Signal()
    close_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._undo: Callable[[], None] | None = None
        self.drawer = Drawer.TEMPLATES
        self._chips = {
            Drawer.TEMPLATES: self._chip("library_templates", self.tr("Templates"), "template"),
            Drawer.REQUESTS: self._chip("library_requests", self.tr("Requests"), "request"),
        }
        self._chips[Drawer.TEMPLATES].setChecked(True)
        self.shelf = Shelf(appearance=appearance)
        self.setFocusProxy(self.shelf)
        self._notice = IconLabel(appearance=appearance, icon="info", caption=True)
        self._notice.setObjectName("library_notice")
        self._notice.setWordWrap(True)
        self._notice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._undo_button = self._button("library_undo", self.tr("Undo"), "undo")
        self._unreadable = IconLabel(appearance=appearance, icon="warning", tone="warn", caption=True)
        self._unreadable.setObjectName("library_unreadable")
        self._unreadable.setWordWrap(True)
        for hidden in (self._notice, self._undo_button, self._unreadable):
            hidden.hide()
        self._choose = Button("", appearance=appearance, look=ButtonLook.PRIMARY, height_extra=8)
        self._choose.setObjectName("library_choose")
        self._save = self._button("library_save", "", "plus")
        self._rename = self._button("library_rename", self.tr("Rename…"), None)
        self._duplicate = self._button("library_duplicate", self.tr("Duplicate…"), "copy")
        self._remove = self._button("library_remove", self.tr("Remove"), "trash")
        self._import = self._button("library_import", self.tr("Import from curl…"), "import")
        self._close = Button("", appearance=appearance, icon="close", look=ButtonLook.PLAIN, height_extra=6)
        self._close.setObjectName("library_close")
        self._close.setAccessibleName(self.tr("Close"))
        self._lay_out()
        self._connect()
        self._show_actions()

    def show_drawer(self, drawer: Drawer) -> None:
        """Open a drawer."""
        if drawer is not self.drawer:
            self.drawer = drawer
            self._chips[drawer].setChecked(True)
            self.say("")
            self._show_actions()
            self.drawer_changed.emit()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """List these."""
        if self.drawer is Drawer.REQUESTS:
            self.shelf.show_entries(
                entries,
                name=self.tr("Requests"),
                hint=self.tr("Search requests, or paste a curl command"),
                nothing=self.tr(
                    "No request is kept yet. Write a message of any kind, then save it here with all its "
                    "fields; {{name}} in a field asks for a value when it is opened."
                ),
            )
        else:
            self.shelf.show_entries(
                entries,
                name=self.tr("Templates"),
                hint=self.tr("Search templates"),
                nothing=self.tr(
                    "No template is kept yet. Write a text, then save it here; {{name}} or {{name|friend}} "
                    "in it asks for a value when it is inserted."
                ),
            )
        self._show_actions()

    def show_unreadable(self, files: tuple[Unreadable, ...], folder: str) -> None:
        """Say which files of the folder are no requests; they are left alone."""
        words = [f"{one_line(each.file)}: {one_line(each.sentence)}" for each in files[:_TOLD]]
        if len(files) > _TOLD:
            words.append(self.tr("and %n more", "", len(files) - _TOLD))
        self._unreadable.show_words("\n".join(words))
        self._unreadable.setToolTip(folder)
        self._unreadable.setVisible(bool(files))

    def say(self, words: str, *, tone: Tone = "plain", undo: Callable[[], None] | None = None) -> None:
        """Say what happened, with a way back where there is one; "" says nothing."""
        self._notice.show_words(words, icon=_ICONS.get(tone, "info"), tone=tone)
        self._notice.setVisible(bool(words))
        self._undo = undo
        self._undo_button.setVisible(undo is not None)

    @Slot()
    def _show_actions(self) -> None:
        request = self.drawer is Drawer.REQUESTS
        entry = self.shelf.current()
        self._choose.set_label(self.tr("Open") if request else self.tr("Insert"))
        self._save.set_label(self.tr("Save request…") if request else self.tr("Save as template…"))
        for button in (self._choose, self._remove):
            button.setVisible(entry is not None)
        self._rename.setVisible(entry is not None and not entry.given_way)
        self._duplicate.setVisible(request and entry is not None)
        self._import.setVisible(request)

    def _asked(self, tell: Callable[[Entry], None]) -> None:
        entry = self.shelf.current()
        if entry is not None:
            tell(entry)

    @Slot()
    def _take_back(self) -> None:
        undo, self._undo = self._undo, None
        self._undo_button.hide()
        self.shelf.setFocus(Qt.FocusReason.OtherFocusReason)
        if undo is not None:
            undo()

    def _chip(self, name: str, label: str, icon: str) -> Button:
        chip = Button(label, appearance=self._appearance, icon=icon, look=ButtonLook.CHIP, height_extra=6)
        chip.setObjectName(name)
        chip.setCheckable(True)
        return chip

    def _button(self, name: str, label: str, icon: str | None) -> Button:
        button = Button(label, appearance=self._appearance, icon=icon, height_extra=8)
        button.setObjectName(name)
        return button

    def _connect(self) -> None:
        group = QButtonGroup(self)
        for chip in self._chips.values():
            group.addButton(chip)
        self._chips[Drawer.TEMPLATES].clicked.connect(lambda: self.show_drawer(Drawer.TEMPLATES))
        self._chips[Drawer.REQUESTS].clicked.connect(lambda: self.show_drawer(Drawer.REQUESTS))
        self.shelf.selected.connect(self._show_actions)
        self._choose.clicked.connect(lambda: self._asked(self.shelf.chosen.emit))
        self._save.clicked.connect(self.save_asked)
        self._rename.clicked.connect(lambda: self._asked(self.rename_asked.emit))
        self._duplicate.clicked.connect(lambda: self._asked(self.duplicate_asked.emit))
        self._remove.clicked.connect(lambda: self._asked(self.remove_asked.emit))
        self._import.clicked.connect(self.import_asked)
        self._undo_button.clicked.connect(self._take_back)
        self._close.clicked.connect(self.close_asked)
        for keys, act in (
            ("F2", lambda: self._asked(self.rename_asked.emit)),
            ("Ctrl+Tab", self._turn),
            ("Ctrl+Shift+Tab", self._turn),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.shelf.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(lambda: self._asked(self.remove_asked.emit))

    @Slot()
    def _turn(self) -> None:
        self.show_drawer(Drawer.REQUESTS if self.drawer is Drawer.TEMPLATES else Drawer.TEMPLATES)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        for chip in self._chips.values():
            head.addWidget(chip)
        head.addStretch(1)
        head.addWidget(self._close)
        notice = QHBoxLayout()
        notice.setSpacing(8)
        notice.addWidget(self._notice, 1)
        notice.addWidget(self._undo_button)
        actions = QWidget()
        flow = FlowLayout(parent=actions)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        actions.setSizePolicy(policy)
        for button in (
            self._choose,
            self._save,
            self._rename,
            self._duplicate,
            self._remove,
            self._import,
        ):
            flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.shelf, 1)
        layout.addWidget(self._unreadable)
        layout.addLayout(notice)
        layout.addWidget(actions)
