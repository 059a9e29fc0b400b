"""The accounts of this computer as a list, with the ways to add and remove one. Used by the dialog."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from sms_desktop.messages.ids import ProfileId
from sms_desktop.settings.profiles import SANDBOX, Profile
from sms_desktop.ui.accounts.drafts import AccountDraft
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.profile_menu import profile_chip

_KEY = Qt.ItemDataRole.UserRole


class AccountList(QWidget):
    """Signals: `chosen(key)`, `add_asked()`, `remove_asked()`."""

    chosen = Signal(str)
    add_asked = Signal()
    remove_asked = Signal()

    def __init__(self, *, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._drafts: tuple[AccountDraft, ...] = ()
        self.view = QListWidget()
        self.view.setObjectName("account_list")
        self.view.setAccessibleName(self.tr("Accounts"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setIconSize(QSize(20, 20))
        self.view.setSpacing(1)
        self._add = Button(self.tr("Add"), appearance=appearance, icon="plus", look=ButtonLook.PLAIN)
        self._add.setObjectName("add_new_account")
        self._remove = Button(self.tr("Remove"), appearance=appearance, icon="trash", look=ButtonLook.PLAIN)
        self._remove.setObjectName("remove_account")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 8)
        buttons.setSpacing(2)
        buttons.addWidget(self._add)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 8, 6, 0)
        layout.setSpacing(6)
        layout.addWidget(self.view, 1)
        layout.addLayout(buttons)
        self.view.currentItemChanged.connect(self._current_changed)
        self._add.clicked.connect(self.add_asked)
        self._remove.clicked.connect(self.remove_asked)
        appearance.changed.connect(self._restyle)
        self._restyle()

    def show_drafts(self, drafts: tuple[AccountDraft, ...], chosen: str) -> None:
        """List these, with one of them chosen; nothing is told."""
        self._drafts = drafts
        self.view.blockSignals(True)
        self.view.clear()
        for draft in drafts:
            item = QListWidgetItem()
            item.setData(_KEY, draft.key)
            self.view.addItem(item)
            if draft.key == chosen:
                self.view.setCurrentItem(item)
        self.view.blockSignals(False)
        self._remove.setVisible(bool(drafts))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show names and marks as they are now."""
        for number, draft in enumerate(self._drafts):
            item = self.view.item(number)
            name = one_line(draft.name) or self.tr("New account")
            mark = self.tr("not saved") if draft.is_changed or draft.saved is None else ""
            item.setText(f"{name}\n{mark}" if mark else name)
            item.setToolTip(name)
            item.setIcon(self._chip(draft))
            lines = 2 if mark else 1
            item.setSizeHint(QSize(0, round(self.view.fontMetrics().lineSpacing() * lines + 14)))

    def _chip(self, draft: AccountDraft) -> QIcon:
        icon = profile_chip(_shown(draft), self._appearance, self.devicePixelRatioF())
        # Styles tint the icon of a chosen row, and the colour is what people know the account by.
        icon.addPixmap(icon.pixmap(self.view.iconSize(), self.devicePixelRatioF()), QIcon.Mode.Selected)
        return icon

    @Slot()
    def _current_changed(self) -> None:
        item = self.view.currentItem()
        if item is not None:
            self.chosen.emit(str(item.data(_KEY)))

    @Slot()
    def _restyle(self) -> None:
        theme = self._appearance.theme
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, theme.window)
        if theme.tinted:
            palette.setColor(QPalette.ColorRole.Highlight, theme.selected)
            palette.setColor(QPalette.ColorRole.HighlightedText, theme.selected_text)
        self.view.setPalette(palette)
        self.refresh()


def _shown(draft: AccountDraft) -> Profile:
    """A profile that has the draft's colour and is no sandbox."""
    return replace(SANDBOX, id=ProfileId("draft"), colour=str(draft.values["colour"]))
