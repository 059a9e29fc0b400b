"""The window of the accounts: list, form and connection test side by side; it blocks nothing.

Made by the desk. What is typed stays with its account, also while another one is looked at or this window is
closed, until it is saved or given up.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
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
from sms_desktop.services.proof_steps import Cure, Proof, ProofStatus, ProofStep
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringUnavailable
from sms_desktop.ui.accounts import drafts
from sms_desktop.ui.accounts.account_list import AccountList
from sms_desktop.ui.accounts.connecting import Connecting
from sms_desktop.ui.accounts.drafts import AccountDraft
from sms_desktop.ui.accounts.foot import Foot, NoAccounts
from sms_desktop.ui.accounts.form import AccountForm
from sms_desktop.ui.accounts.keyring_talk import KeyringTalk
from sms_desktop.ui.accounts.notice import Notice
from sms_desktop.ui.accounts.proof_panel import ProofPanel
from sms_desktop.ui.accounts.proving import Proving
from sms_desktop.ui.accounts.removal import Removal
from sms_desktop.ui.accounts.saving import Removed, Saving
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.bidi import one_line
from sms_desktop.ui.reading import TaskRunner
from sms_desktop.ui.theme import PROFILE_COLOURS

_SIZE = QSize(1_160, 660)


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
        self._appearance = appearance
        self._drafts: dict[str, AccountDraft] = {}
        self._current: AccountDraft | None = None
        self._numbers = itertools.count(1)
        self.setObjectName("accounts_window")
        self.setModal(False)
        self.list = AccountList(appearance=appearance)
        self.form = AccountForm(appearance=appearance)
        self.proof = ProofPanel(appearance=appearance)
        self.notice = Notice(appearance=appearance)
        self.foot = Foot(appearance=appearance)
        self._proving = Proving(tasks=tasks, parent=self)
        self._saving = Saving(book=book, tasks=tasks, parent=self)
        self._connecting = Connecting(self.notice, book=book, tasks=tasks)
        self._removal = Removal(self.notice, saving=self._saving, tasks=tasks, queued=queued)
        self._keyring = KeyringTalk(self.notice, keep_in_memory=lambda: self._save_now(in_memory=True))
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
        self._connecting.stop()
        self._removal.stop()
        self.proof.clear()
        self.notice.clear()
        self.foot.say("")
        self._current = self._drafts.get(key)
        self._list()
        self._show_current()

    def _list(self) -> None:
        self.list.show_drafts(tuple(self._drafts.values()), self._current.key if self._current else "")

    def _show_current(self) -> None:
        draft = self._current
        self._pages.setCurrentIndex(0 if draft is None else 1)
        for button in (self.foot.save, self.foot.revert):
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
                    self._keyring.tell(kept.trouble, again=lambda: self._ask_kept(draft))

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
        self.foot.revert.setVisible(draft.is_changed)
        self.proof.show_connecting(bool(str(draft.values["relay_url"]).strip()))
        name = one_line(draft.name) or self.tr("New account")
        self.setWindowTitle(self.tr("Account: %1").replace("%1", name))

    @Slot()
    def _give_up(self) -> None:
        if self._current is not None:
            self._current.revert()
            self.notice.clear()
            self.foot.say("")
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
        if draft is None or self._saving.busy:
            return
        profile = self._checked()
        if profile is None:
            return
        self.notice.clear()

        def done(profiles: tuple[Profile, ...]) -> None:
            self._saved(draft, profile, profiles)
            if then is not None:
                then()

        self._saving.save(profile, draft.secrets, done, self._failed, in_memory=in_memory)

    def _checked(self) -> Profile | None:
        """The account as it is typed; None, with words beside the fields, if that is none yet."""
        draft = self._current
        if draft is None:
            return None
        self._keep_typed()
        wrong = self.form.show_words(complain=True)
        if wrong:
            self.foot.say(self.tr("%n field(s) need a look", "", len(wrong)), bad=True)
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
        self.foot.say(self.tr("Saved"))
        self.saved.emit(profile, profiles)

    @Slot(object)
    def _failed(self, error: SmsDesktopError) -> None:
        """Say at the field, or over the foot, why what was asked could not be done."""
        if isinstance(error, KeyringUnavailable):
            self._keyring.tell(error, again=self._press_save)
            return
        words = beside_field(error) if isinstance(error, Mendable) else error.message
        if error.field is None or not self.form.show_problem(error.field, words):
            self.notice.say(words, error.hint or self.tr("What you typed is still here."), tone="bad")
        else:
            self.foot.say(self.tr("%n field(s) need a look", "", 1), bad=True)

    # Proving and connecting

    @Slot()
    def _test(self) -> None:
        draft, profile = self._current, self._checked()
        if draft is None or profile is None:
            return
        self.foot.say("")
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
            self.foot.say(self.tr("You can save with a failed step: sending waits until it is mended."))
        elif failed:
            self.foot.say(self.tr("You can save with a failed step: sending works, receipts may not arrive."))

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
                self._keyring.tell_install()
            case Cure.CONNECT:
                self._connect_account()

    @Slot()
    def _connect_account(self) -> None:
        draft, profile = self._current, self._checked()
        if draft is not None and profile is not None:
            self._connecting.connect_account(profile, draft.secrets)

    @Slot(str)
    def _connected(self, words: str) -> None:
        self._test()
        self.notice.say(self.tr("Connected to the relay"), words, tone="ok")

    @Slot()
    def _copy_report(self) -> None:
        if self._current is not None:
            QGuiApplication.clipboard().setText(self.proof.report_text(self._current.name))
            self.foot.say(self.tr("Report copied; it holds no secrets"))

    # Removing

    @Slot()
    def _ask_remove(self) -> None:
        if self._current is not None:
            self._removal.ask(self._current)

    @Slot(object)
    def _dropped(self, draft: AccountDraft) -> None:
        self._drafts.pop(draft.key, None)
        self._current = None
        self._choose(next(iter(self._drafts), ""))

    @Slot(object, object)
    def _removed(self, draft: AccountDraft, found: Removed) -> None:
        left, trouble = found
        self._drafts.pop(draft.key, None)
        if draft is self._current:
            self._current = None
        self.show_profiles(left)
        self.foot.say(self.tr("Removed"))
        if trouble is not None:
            words = self.tr("Secrets of %1 may still be in it.").replace("%1", one_line(draft.name))
            self.notice.say(trouble, words)
        if draft.saved is not None:
            self.removed.emit(draft.saved.id, left)

    # Inside

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
        self._removal.dropped.connect(self._dropped)
        self._removal.removed.connect(self._removed)
        self._removal.failed.connect(self._failed)
        self._saving.says.connect(self.foot.say)
        self._connecting.says.connect(self.foot.say)
        self._connecting.connected.connect(self._connected)
        self._connecting.failed.connect(self._failed)
        self._nothing.add.clicked.connect(self.add)
        self.foot.save.clicked.connect(self._press_save)
        self.foot.revert.clicked.connect(self._give_up)
        self.foot.close_button.clicked.connect(self.close)
        self._appearance.changed.connect(self._restyle)

    def _lay_out(self) -> None:
        form = QScrollArea()
        form.setObjectName("account_scroll")
        form.setFrameShape(QFrame.Shape.NoFrame)
        form.setWidgetResizable(True)
        form.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        form.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        form.setWidget(self.form)
        self._nothing = NoAccounts(appearance=self._appearance)
        account = QWidget()
        sides = QHBoxLayout(account)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(0)
        sides.addWidget(form, 10)
        sides.addWidget(self.proof, 9)
        host = QWidget()
        self._pages = QStackedLayout(host)
        self._pages.addWidget(self._nothing)
        self._pages.addWidget(account)
        self._form_area = form
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(1)  # the hairline
        middle.addWidget(self.list)
        middle.addWidget(host, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.notice)
        layout.addWidget(self.foot)
        self.resize(_SIZE)

    @Slot()
    def _restyle(self) -> None:
        line = self.fontMetrics().lineSpacing()
        self.list.setFixedWidth(max(round(line * 8) + 40, self.list.minimumSizeHint().width()))
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
        painter.fillRect(x, 0, 1, self.foot.y(), theme.line)
        painter.fillRect(0, self.foot.y(), self.width(), 1, theme.line)
