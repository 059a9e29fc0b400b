"""The window of the accounts: list, form and connection test side by side; it blocks nothing.

Made by the desk. What is typed stays with its account, also while another one is looked at or this window is
closed, until it is saved or given up.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services import account_fields
from sms_desktop.services.account_book import AccountBook, Kept
from sms_desktop.services.account_fields import beside_field
from sms_desktop.services.connection import Change
from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringTrouble, KeyringUnavailable
from sms_desktop.ui.accounts import drafts
from sms_desktop.ui.accounts.account_list import AccountList
from sms_desktop.ui.accounts.drafts import AccountDraft
from sms_desktop.ui.accounts.form import AccountForm
from sms_desktop.ui.accounts.notice import Notice
from sms_desktop.ui.accounts.proof_panel import ProofPanel
from sms_desktop.ui.accounts.proving import Proving
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.theme import PROFILE_COLOURS

_SIZE = QSize(1_160, 660)
_PATIENCE_MS = 1_000


class AccountsDialog(QDialog):
    """Adds, changes, proves and removes accounts.

    Signals: `saved(profile, profiles)`, an account was kept, with all there are now; `removed(id, profiles)`.
    `queued` counts the messages of an account that wait to be sent.
    """

    saved = Signal(object, object)
    removed = Signal(str, object)

    def __init__(
        self,
        *,
        book: AccountBook,
        tasks: TaskRunner,
        queued: Callable[[ProfileId], int],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._tasks = tasks
        self._queued = queued
        self._appearance = appearance
        self._drafts: dict[str, AccountDraft] = {}
        self._current: AccountDraft | None = None
        self._numbers = itertools.count(1)
        self._saving = False
        self.setObjectName("accounts_window")
        self.setModal(False)
        self.list = AccountList(appearance=appearance)
        self.form = AccountForm(appearance=appearance)
        self.proof = ProofPanel(appearance=appearance)
        self.notice = Notice(appearance=appearance)
        self._note = QLabel()
        self._note.setObjectName("account_note")
        self._revert = Button(self.tr("Discard changes"), appearance=appearance)
        self._revert.setObjectName("discard_account")
        self._save = Button(self.tr("Save account"), appearance=appearance, look=ButtonLook.PRIMARY)
        self._save.setObjectName("save_account")
        self._close = Button(self.tr("Close"), appearance=appearance)
        self._close.setObjectName("close_accounts")
        self._proving = Proving(tasks=tasks, parent=self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._lay_out()
        self._connect()
        self._restyle()
        self._show_current()

    # What the desk asks

    def show_profiles(self, profiles: tuple[Profile, ...]) -> None:
        """List these accounts; what is typed for one of them stays."""
        for profile in profiles:
            if profile.is_sandbox:
                continue
            known = self._drafts.get(profile.id)
            if known is None:
                self._drafts[profile.id] = drafts.of(profile)
            elif known.saved != profile and not known.is_changed:
                known.saved, known.values = profile, account_fields.values_of(profile)
        ids = {profile.id for profile in profiles}
        for key, draft in list(self._drafts.items()):
            if draft.saved is not None and draft.saved.id not in ids:
                del self._drafts[key]
        if self._current is None or self._current.key not in self._drafts:
            self._choose(next(iter(self._drafts), ""))
        else:
            self._list()

    def show_account(self, which: str) -> None:
        """Show the account with this id, if there is one."""
        if which in self._drafts:
            self._choose(which)

    @Slot()
    def add(self) -> None:
        """Show an account that is new."""
        new = next(
            (draft for draft in self._drafts.values() if draft.saved is None and not draft.is_changed), None
        )
        if new is None:
            used = {str(draft.values["colour"]) for draft in self._drafts.values()}
            colour = next((one for one in PROFILE_COLOURS if one not in used), "plum")
            key = f"+{next(self._numbers)}"  # no id of a profile is like this
            new = self._drafts[key] = AccountDraft(key, None, account_fields.blank(colour))
        self._choose(new.key)
        self.form.go_to("name")

    # Choosing

    @Slot(str)
    def _choose(self, key: str) -> None:
        self._keep_typed()
        self._proving.stop()
        self.proof.clear()
        self.notice.clear()
        self._say("")
        self._current = self._drafts.get(key)
        self._list()
        self._show_current()

    def _list(self) -> None:
        self.list.show_drafts(tuple(self._drafts.values()), self._current.key if self._current else "")

    def _show_current(self) -> None:
        draft = self._current
        self._pages.setCurrentIndex(0 if draft is None else 1)
        for button in (self._save, self._revert):
            button.setVisible(draft is not None)
        if draft is None:
            self.setWindowTitle(self.tr("Accounts"))
            return
        self._show_form(draft)
        if draft.saved is not None and not draft.asked:
            draft.asked = True
            self._ask_kept(draft)
        self._show_changed()

    def _show_form(self, draft: AccountDraft) -> None:
        others = tuple(other.name for other in self._drafts.values() if other is not draft)
        self.form.show_account(
            draft.values,
            draft.secrets,
            draft.kept,
            id_words=self._id_words(draft),
            taken=("Sandbox", *others),
        )

    def _ask_kept(self, draft: AccountDraft) -> None:
        assert draft.saved is not None
        profile = draft.saved.id

        def found(kept: Kept) -> None:
            draft.kept = kept
            if draft is self._current:
                self._keep_typed()
                self.form.show_kept(kept, draft.secrets)
                if kept.trouble is not None:
                    self._tell_keyring(kept.trouble, again=lambda: self._ask_kept(draft))

        self._tasks.run(lambda: self._book.kept(profile), found, self._failed, lane="accounts")

    def _keep_typed(self) -> None:
        if self._current is not None:
            self._current.values, self._current.secrets = self.form.values, self.form.typed

    @Slot()
    def _form_changed(self) -> None:
        self._keep_typed()
        self.list.refresh()
        self._show_changed()

    def _show_changed(self) -> None:
        draft = self._current
        if draft is None:
            return
        self._revert.setVisible(draft.is_changed)
        self.proof.show_connecting(bool(str(draft.values["relay_url"]).strip()))
        name = one_line(draft.name) or self.tr("New account")
        self.setWindowTitle(self.tr("Account: %1").replace("%1", name))

    @Slot()
    def _give_up(self) -> None:
        if self._current is not None:
            self._current.revert()
            self.notice.clear()
            self._say("")
            self._show_form(self._current)
            self.list.refresh()
            self._show_changed()

    def _id_words(self, draft: AccountDraft) -> str:
        if draft.saved is None:
            return ""
        return self.tr("smsctl calls it %1.").replace("%1", draft.saved.id)

    # Saving

    @Slot()
    def _press_save(self) -> None:
        self._save_now(in_memory=False)

    def _save_now(self, *, in_memory: bool, then: Callable[[], None] | None = None) -> None:
        draft = self._current
        if draft is None or self._saving:
            return
        profile = self._checked()
        if profile is None:
            return
        typed = dict(draft.secrets)
        self._saving = True
        self.notice.clear()
        self._say(self.tr("Saving"))
        self._patience.start()

        def done(profiles: tuple[Profile, ...]) -> None:
            self._saved(draft, profile, profiles)
            if then is not None:
                then()

        def failed(error: SmsDesktopError) -> None:
            self._end_saving()
            if isinstance(error, KeyringUnavailable):
                self._tell_keyring(error, again=self._press_save)
            else:
                self._failed(error)

        self._tasks.run(
            lambda: self._book.save(profile, typed, in_memory=in_memory), done, failed, lane="accounts"
        )

    def _checked(self) -> Profile | None:
        """The account as it is typed; None, with words beside the fields, if that is none yet."""
        draft = self._current
        if draft is None:
            return None
        self._keep_typed()
        wrong = self.form.show_words(complain=True)
        if wrong:
            self._say(self.tr("%n field(s) need a look", "", len(wrong)), bad=True)
            self.form.go_to(wrong[0])
            return None
        others = tuple(other.saved.id for other in self._drafts.values() if other.saved is not None)
        try:
            return account_fields.profile_from(
                draft.values, draft.profile_id((*others, ProfileId("sandbox")))
            )
        except Mendable as error:
            self._failed(error)
            return None

    def _saved(self, draft: AccountDraft, profile: Profile, profiles: tuple[Profile, ...]) -> None:
        self._end_saving()
        shown = draft is self._current
        if shown:
            self._keep_typed()
        unchanged = account_fields.profile_from(draft.values, profile.id) == profile if shown else True
        del self._drafts[draft.key]
        self._drafts[profile.id] = kept = drafts.of(profile)
        if not unchanged:  # typed on meanwhile
            kept.values = draft.values
        if shown:
            self._current = kept
        self.show_profiles(profiles)
        if shown:
            self._show_current()
        self._say(self.tr("Saved"))
        self.saved.emit(profile, profiles)

    def _end_saving(self) -> None:
        self._saving = False
        self._patience.stop()
        self._say("")

    @Slot()
    def _grow_impatient(self) -> None:
        self._say(self.tr("Waiting for the keyring; it may be asking you to unlock it"))

    @Slot(object)
    def _failed(self, error: SmsDesktopError) -> None:
        words = beside_field(error) if isinstance(error, Mendable) else error.message
        if error.field is None or not self.form.show_problem(error.field, words):
            self.notice.say(words, error.hint or self.tr("What you typed is still here."), tone="bad")
        else:
            self._say(self.tr("%n field(s) need a look", "", 1), bad=True)

    def _tell_keyring(self, error: KeyringUnavailable, *, again: Callable[[], None]) -> None:
        """Say what is wrong with the keyring, and offer to do without."""

        def in_memory() -> None:
            self._save_now(in_memory=True)

        memory = ("keep_in_memory", self.tr("Keep it in memory until quit"), "clock", in_memory)
        if error.trouble is KeyringTrouble.ABSENT:
            self.notice.say(
                self.tr("No keyring was found."),
                self.tr("Secrets are never written into a file. They can be kept in memory until you quit."),
                memory,
                ("install_keyring", self.tr("How to install one"), "info", self._tell_install),
            )
            return
        words = {
            KeyringTrouble.LOCKED: self.tr("The keyring is locked."),
            KeyringTrouble.SILENT: self.tr("The keyring does not answer."),
        }.get(error.trouble, error.message)
        self.notice.say(
            words,
            self.tr("Unlock it and try again. What you typed is still here."),
            ("try_keyring", self.tr("Try again"), "retry", again),
            memory,
        )

    def _tell_install(self) -> None:
        self.notice.say(
            self.tr("How to install a keyring"),
            self.tr(
                "Install the package gnome-keyring (GNOME and others), kwalletmanager (KDE) or keepassxc "
                "with its Secret Service switched on; then log out and in again. Until then secrets can be "
                "kept in memory."
            ),
            (
                "keep_in_memory",
                self.tr("Keep it in memory until quit"),
                "clock",
                lambda: self._save_now(in_memory=True),
            ),
        )

    # Proving and connecting

    @Slot()
    def _test(self) -> None:
        draft, profile = self._current, self._checked()
        if draft is None or profile is None:
            return
        self._say("")
        self.notice.clear()
        self.proof.begin()
        self._proving.start(self._book.prove(profile, dict(draft.secrets)))

    @Slot(object)
    def _stepped(self, proof: Proof) -> None:
        self.proof.show_step(proof, field=self.form.label_of(proof.field or ""))
        if proof.step is ProofStep.CREDENTIALS and proof.status is ProofStatus.PASSED:
            self._ask_numbers()

    @Slot()
    def _tested(self) -> None:
        self.proof.end()
        failed = {proof.step for proof in self.proof.proofs if proof.status is ProofStatus.FAILED}
        if failed & {ProofStep.KEYRING, ProofStep.CREDENTIALS}:
            self._say(self.tr("You can save with a failed step: sending waits until it is mended."))
        elif failed:
            self._say(self.tr("You can save with a failed step: sending works, receipts may not arrive."))

    def _ask_numbers(self) -> None:
        draft = self._current
        profile = self._checked() if draft is not None else None
        if draft is None or profile is None:
            return
        typed = dict(draft.secrets)

        def found(numbers: tuple[str, ...]) -> None:
            if draft is self._current and numbers:
                self.form.show_numbers(numbers)

        # Without numbers the sender is typed: the step before has said what is wrong.
        self._tasks.run(lambda: self._book.numbers(profile, typed), found, lambda _: None, lane="calls")

    @Slot(object, object)
    def _cure(self, proof: Proof, cure: Cure) -> None:
        match cure:
            case Cure.TRY_AGAIN:
                self._test()
            case Cure.FIELD:
                self.form.go_to(proof.field or "")
            case Cure.IN_MEMORY:
                self._save_now(in_memory=True, then=self._test)
            case Cure.INSTALL_KEYRING:
                self._tell_install()
            case Cure.CONNECT:
                self._connect_account()

    @Slot()
    def _connect_account(self) -> None:
        self._connect_now(replacing=False)

    def _connect_now(self, *, replacing: bool) -> None:
        draft, profile = self._current, self._checked()
        if draft is None or profile is None:
            return
        typed = dict(draft.secrets)
        self._say(self.tr("Connecting"))
        self.notice.clear()

        def done(changes: tuple[Change, ...]) -> None:
            if draft is self._current:
                self._say("")
                self._test()
                words = "\n".join(_changed(change) for change in changes)
                self.notice.say(self.tr("Connected to the relay"), words, tone="ok")

        def failed(error: SmsDesktopError) -> None:
            if draft is not self._current:
                return
            self._say("")
            if error.field == "replace":
                self.notice.say(
                    error.message,
                    self.tr("Whoever listens there hears no more of this account."),
                    ("leave_address", self.tr("Leave it"), "", self.notice.clear),
                    (
                        "replace_address",
                        self.tr("Lead it to my relay"),
                        "link",
                        lambda: self._connect_now(replacing=True),
                    ),
                )
            elif isinstance(error, KeyringUnavailable):
                self._tell_keyring(error, again=self._connect_account)
            else:
                self._failed(error)

        self._tasks.run(
            lambda: self._book.connect(profile, typed, replacing=replacing), done, failed, lane="calls"
        )

    @Slot()
    def _copy_report(self) -> None:
        if self._current is not None:
            QGuiApplication.clipboard().setText(self.proof.report_text(self._current.name))
            self._say(self.tr("Report copied; it holds no secrets"))

    # Removing

    @Slot()
    def _ask_remove(self) -> None:
        draft = self._current
        if draft is None:
            return
        if draft.saved is None:
            self._remove_new(draft)
            return
        profile = draft.saved
        self._tasks.run(
            lambda: self._queued(profile.id),
            lambda queued: self._confirm(draft, profile, queued),
            self._failed,
        )

    def _remove_new(self, draft: AccountDraft) -> None:
        def drop() -> None:
            self._drafts.pop(draft.key, None)
            self._current = None
            self._choose(next(iter(self._drafts), ""))

        if draft.is_changed:
            self.notice.say(
                self.tr("Discard this new account?"),
                self.tr("What you typed for it is lost."),
                ("keep_account", self.tr("Keep it"), "", self.notice.clear),
                ("confirm_remove", self.tr("Discard it"), "trash", drop),
            )
        else:
            drop()

    def _confirm(self, draft: AccountDraft, profile: Profile, queued: int) -> None:
        if draft is not self._current:
            return
        words = self.tr("Its secrets are removed from the keyring. Its messages stay on this computer.")
        if queued:
            words += " " + self.tr("%n message(s) that wait are not sent without it.", "", queued)
        self.notice.say(
            self.tr("Remove the account %1?").replace("%1", one_line(profile.name)),
            words,
            ("keep_account", self.tr("Keep it"), "", self.notice.clear),
            ("confirm_remove", self.tr("Remove it"), "trash", lambda: self._remove(draft, profile)),
        )
        found = self.notice.findChild(QWidget, "keep_account")
        if isinstance(found, QWidget):
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, draft: AccountDraft, profile: Profile) -> None:
        self.notice.clear()
        self._say(self.tr("Removing"))
        self._patience.start()

        def done(found: tuple[tuple[Profile, ...], str | None]) -> None:
            left, trouble = found
            self._end_saving()
            self._drafts.pop(draft.key, None)
            if draft is self._current:
                self._current = None
            self.show_profiles(left)
            self._say(self.tr("Removed"))
            if trouble is not None:
                words = self.tr("Secrets of %1 may still be in it.").replace("%1", one_line(profile.name))
                self.notice.say(trouble, words)
            self.removed.emit(profile.id, left)

        def failed(error: SmsDesktopError) -> None:
            self._end_saving()
            self._failed(error)

        self._tasks.run(lambda: self._book.remove(profile.id), done, failed, lane="accounts")

    # Inside

    def _say(self, words: str, *, bad: bool = False) -> None:
        self._note.setText(words)
        set_ink(self._note, self._appearance.theme.bad if bad else self._appearance.theme.text2)

    def _connect(self) -> None:
        self.list.chosen.connect(self._choose)
        self.list.add_asked.connect(self.add)
        self.list.remove_asked.connect(self._ask_remove)
        self.form.changed.connect(self._form_changed)
        self.proof.test_asked.connect(self._test)
        self.proof.connect_asked.connect(self._connect_account)
        self.proof.cure_asked.connect(self._cure)
        self.proof.report_asked.connect(self._copy_report)
        self._proving.step.connect(self._stepped)
        self._proving.ended.connect(self._tested)
        self._proving.failed.connect(self._failed)
        self._save.clicked.connect(self._press_save)
        self._revert.clicked.connect(self._give_up)
        self._close.clicked.connect(self.close)
        self._patience.timeout.connect(self._grow_impatient)
        self._appearance.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        form = QScrollArea()
        form.setObjectName("account_scroll")
        form.setFrameShape(QFrame.Shape.NoFrame)
        form.setWidgetResizable(True)
        form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        form.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        form.setWidget(self.form)
        self._empty = QLabel(
            self.tr("No account yet. Everything works in the Sandbox; an account sends to real phones.")
        )
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._first = Button(
            self.tr("Add an account"), appearance=self._appearance, icon="plus", look=ButtonLook.PRIMARY
        )
        self._first.setObjectName("add_first_account")
        self._first.clicked.connect(self.add)
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self._first, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        account = QWidget()
        sides = QHBoxLayout(account)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addWidget(form, 10)
        sides.addWidget(self.proof, 9)
        host = QWidget()
        self._pages = QStackedLayout(host)
        self._pages.addWidget(nothing)
        self._pages.addWidget(account)
        self._form_area = form
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(1)  # the hairline
        middle.addWidget(self.list)
        middle.addWidget(host, 1)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(20, 10, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._revert)
        foot.addWidget(self._close)
        foot.addWidget(self._save)
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.notice)
        layout.addWidget(self._foot)
        self.resize(_SIZE)

    @Slot()
    def _restyle(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self.list.setFixedWidth(round(line * 8) + 40)
        self._form_area.setMinimumWidth(round(line * 13) + 60)
        self.proof.setMinimumWidth(round(line * 16))
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and its hairlines."""
        theme = self._appearance.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.window)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        x = self.list.x() - 1 if mirrored else self.list.geometry().right() + 1
        painter.fillRect(x, 0, 1, self._foot.y(), theme.line)
        painter.fillRect(0, self._foot.y(), self.width(), 1, theme.line)


def _changed(change: Change) -> str:
    subject = change.subject or ""
    return f"{subject} → {change.address}" if subject else f"{change.what.value} → {change.address}"
