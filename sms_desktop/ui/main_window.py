"""The window: menu, profile, banners, list beside conversation, status.

Made by app, fed by background through slots.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ProfileId
from sms_desktop.services.handsets import Handset
from sms_desktop.settings.preferences import Preferences
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance, ThemeChoice
from sms_desktop.ui.banners import BannerArea
from sms_desktop.ui.buttons import Button
from sms_desktop.ui.conversations.list_model import ConversationListModel
from sms_desktop.ui.conversations.list_pane import ConversationListPane
from sms_desktop.ui.conversations.page import ConversationPage
from sms_desktop.ui.conversations.verdict import BubbleAction, actions_of
from sms_desktop.ui.language import speak
from sms_desktop.ui.link_drafts import LinkDrafts
from sms_desktop.ui.menus import Commands, build_menus
from sms_desktop.ui.numbers import NumberBook
from sms_desktop.ui.profile_plate import ProfilePlate, ProfileRail
from sms_desktop.ui.reading import HeldTasks, StoreReading, TaskRunner
from sms_desktop.ui.records.desk import RecordsDesk
from sms_desktop.ui.search.desk import SearchDesk
from sms_desktop.ui.search.field import SearchField
from sms_desktop.ui.session_tasks import SessionTasks
from sms_desktop.ui.simulator.desk import SimulatorDesk
from sms_desktop.ui.status_line import StatusLine
from sms_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from sms_desktop.background.status import ProfileStatus
    from sms_desktop.messages.links import Link
    from sms_desktop.services.opt_outs import OptOuts
    from sms_desktop.services.outbox import Outbox
    from sms_desktop.services.rehearsal import Simulator
    from sms_desktop.store.changes import Changes
    from sms_desktop.store.database import Store
    from sms_desktop.ui.library.desk import LibraryDesk
    from sms_desktop.ui.library.earlier_desk import EarlierDesk

_LIST_LINES = 17.9  # the list's width in lines of the font: 316 pixels at 18
_WIDEST_LIST = 480
_TICK_MS = 30_000
NEW_ACCOUNT = "+"
"""Asks for an account that does not exist yet: no id of a profile is like this."""


class _HalfTyped(NamedTuple):
    """What was typed beside the text, which the drafts keep; `sender` is None where it is the usual one."""

    party: str | None
    recipient: str
    sender: str | None


class MainWindow(QMainWindow):
    """The window of one profile at a time.

    Signals: `painted()`, once, after it could be seen for the first time; `list_loaded()`, after the
    conversations were read; `closed()`, after the person closed it and what it remembers was saved;
    `profile_chosen(profile)`, the person wants to see another profile; `accounts_asked(which)`, they want to
    see the account with that id, all of them ("") or a new one (`NEW_ACCOUNT`); `sent()`, a message was sent;
    `preferred(preferences)`, the person wants things so from now on;
    `secret_taken(profile, secret)`, the person wants it used for that account until the program ends.
    """

    painted = Signal()
    list_loaded = Signal()
    closed = Signal()
    profile_chosen = Signal(object)
    accounts_asked = Signal(str)
    sent = Signal()
    preferred = Signal(object)
    secret_taken = Signal(object, str)

    def __init__(
        self,
        *,
        profile: Profile,
        store: Store,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        handsets: tuple[Handset, ...],
        try_now: Callable[[], None],
        simulator: Callable[[], Simulator] | None = None,
        window_state: Path | None = None,
        appearance: Appearance | None = None,
        profiles: tuple[Profile, ...] = (),
    ) -> None:
        super().__init__()
        self._try_now = try_now
        self._store = store
        self._outbox = outbox
        self._tasks = tasks
        self._profiles = profiles or (profile,)
        self._preferences = Preferences()
        self._paused = False
        self._waits_for: str | None = None
        self._half_typed: dict[ProfileId, _HalfTyped] = {}
        self._simulator = simulator
        self._simulator_desk: SimulatorDesk | None = None
        self._library: LibraryDesk | None = None
        self._earlier: EarlierDesk | None = None
        self._state = WindowState(window_state)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        speak(application)
        if appearance is None:
            appearance = Appearance(application, choice=self._state.theme)
        self.appearance = appearance
        self._was_painted = False
        self.resize(self._first_size())
        self._inhabit(profile, handsets)
        build_menus(self, self._commands(), theme=appearance.choice)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self._tick)
        self._ticking.start()
        if self._state.geometry is not None:
            self.restoreGeometry(self._state.geometry)
        if self._state.docks is not None:
            self.restoreState(self._state.docks)
        self._open()

    def _first_size(self) -> QSize:
        """As large as in its pictures, but no larger than the screen; the offscreen one is none."""
        wanted = QSize(1_440, 900)
        if QApplication.platformName() == "offscreen":
            return wanted
        return wanted.boundedTo(self.screen().availableSize())

    def _inhabit(self, profile: Profile, handsets: tuple[Handset, ...]) -> None:
        """Make everything that belongs to one profile."""
        self._profile = profile
        appearance = self.appearance
        reading = StoreReading(self._store, profile.id)
        self._held = HeldTasks(self._tasks)
        self._session = tasks = SessionTasks(self._held, failed_late=self.show_trouble)
        self._handsets = handsets if profile.is_sandbox else ()
        self._numbers = NumberBook(reading=reading, tasks=tasks, parent=self)
        self._model = ConversationListModel(
            reading=reading, tasks=tasks, numbers=self._numbers, handsets=self._handsets, parent=self
        )
        self.plate = ProfilePlate(profile, appearance=appearance)
        self.new_button = Button(self.tr("New message"), appearance=appearance, icon="compose", keys="Ctrl+N")
        self.new_button.setObjectName("new_message")
        self.search_field = SearchField(appearance=appearance)
        self.banners = BannerArea(appearance=appearance)
        self.list_pane = ConversationListPane(appearance=appearance, model=self._model, numbers=self._numbers)
        self.page = ConversationPage(
            profile=profile,
            reading=reading,
            outbox=self._outbox,
            tasks=tasks,
            numbers=self._numbers,
            handsets=self._handsets,
            opt_outs=self._opt_outs,
            appearance=appearance,
        )
        self.page.compose.prefer(self._preferences)
        self.status_line = StatusLine(profile, appearance=appearance)
        self._lay_out()
        self._connect()

    def _opt_outs(self) -> OptOuts:
        from sms_desktop.services.opt_outs import OptOuts  # not before a person decides

        return OptOuts(self._store)

    def prefer(self, preferences: Preferences) -> None:
        """Ask and wait as the person prefers, from now on."""
        self._preferences = preferences
        self.page.compose.prefer(preferences)

    @property
    def profile(self) -> Profile:
        """The profile that is shown."""
        return self._profile

    def show_profile(self, profile: Profile, *, handsets: tuple[Handset, ...] = ()) -> None:
        """Show another profile in this window; what was typed is kept with the one before."""
        self._state.keep_splitter(self._splitter.saveState())
        self.page.compose.finish()
        self._half_typed[self._profile.id] = _HalfTyped(
            self.page.party, self.page.typed_recipient(), self.page.compose.changed_sender()
        )
        self._session.end()
        self._held.begin()  # what was to be written is written, though this profile never came to be painted
        if self._simulator_desk is not None:
            self._simulator_desk.end()
            self._simulator_desk = None
        self._records.end()
        if self._library is not None:
            self._library.end()
            self._library = None
        if self._earlier is not None:
            self._earlier.end()
            self._earlier = None
        for left in (self._model, self._numbers):
            left.deleteLater()
        self._inhabit(profile, handsets)
        self._open()
        if self._was_painted:
            # Drafts are read after those that were just written.
            held = self._held
            self._tasks.run(lambda: None, lambda _: self._begin(held), lane="writes")

    def show_profiles(self, profiles: tuple[Profile, ...]) -> None:
        """Offer these profiles."""
        self._profiles = profiles

    def _open(self) -> None:
        if self._state.splitter is not None:
            self._splitter.restoreState(self._state.splitter)
        self._open_known(self._handsets)
        self._model.load()

    # Slots fed from outside

    @Slot(object)
    def apply_changes(self, changes: Changes) -> None:
        """Show what the store announced."""
        self._model.apply(changes)
        self.page.apply(changes)
        self._refresh_simulator()

    @Slot(object)
    def apply_status(self, status: ProfileStatus) -> None:
        """Show how it stands with the profile."""
        self.status_line.show_status(status)
        self.banners.show_trouble(status.trouble)
        self._show_waiting(status.sender_waits_for, paused=status.paused)
        from sms_desktop.background.status import RelayCondition

        connected = status.relay is RelayCondition.CONNECTED
        self.page.show_proof(
            self.tr("The relay is connected: receipts and replies arrive") if connected else None
        )

    @Slot(object)
    def show_trouble(self, error: SmsDesktopError) -> None:
        """Show that something the window wanted could not be done."""
        self.banners.show_error(error)

    def come_forward(self) -> None:
        """Show the window in front of the others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_link(self, link: Link) -> None:
        """Begin the drafts that an `sms:` link asks for. Nothing is sent."""
        self._links.begin(link)

    @Slot(str)
    def _forgotten(self, party: str) -> None:
        self.page.drafts.discard(party)
        self._model.note_draft(party, None)
        if self.page.party == party:
            self.list_pane.select(None)
            self.page.show_nothing()
        self._model.load()

    @Slot()
    def _store_replaced(self) -> None:
        """Show everything anew: what was read belongs to a file that is no longer the store."""
        from sms_desktop.store.changes import Changes

        self.apply_changes(Changes(everything=True))

    # What the person does

    @Slot()
    def new_message(self) -> None:
        """Write to a number."""
        self._right.setCurrentWidget(self.page)
        self.list_pane.select(None)
        self.page.new_message()

    @Slot(str)
    def _choose(self, party: str) -> None:
        self._right.setCurrentWidget(self.page)
        self.page.open(party)
        self._state.keep_last_party(self._profile.id, party)
        self._refresh_simulator()

    @Slot(str)
    def _follow(self, party: str) -> None:
        self.list_pane.select(party)
        self._state.keep_last_party(self._profile.id, party)
        self._refresh_simulator()

    def _show_party(self, party: str) -> None:
        if party:
            self.page.open(party)
            self._follow(party)
        else:
            self.new_message()

    @Slot()
    def _loaded(self) -> None:
        """After the list was read: open the newest conversation if nothing else is open."""
        if self.page.party is not None:
            return
        if self._model.rowCount():
            self.list_pane.view.selectRow(0)
            self.page.refocus()
        else:
            self.page.show_nothing()

    def _open_known(self, handsets: tuple[Handset, ...]) -> None:
        """Open what needs no reading to be known, so that the person can write from the first moment."""
        half = self._half_typed.pop(self._profile.id, None)
        party = self._state.last_party(self._profile.id)
        if half is not None and half.sender is not None:
            self.page.compose.sender_field.setText(half.sender)
        if half is not None and half.party == "":
            self.new_message()
            self.page.recipient.field.setText(half.recipient)
            return
        if party is None and handsets:
            party = handsets[0].number
        if party is not None:
            self.page.open(party)
            self.list_pane.select(party)
            self.page.refocus()

    @Slot()
    def _retry(self) -> None:
        row = self.page.target()
        if row is None:
            return
        actions = actions_of(row, self.page.timeline.waits_for)
        for action in (BubbleAction.RETRY, BubbleAction.TRY_NOW):
            if action in actions:
                self.page.act(row, action)
                return

    @Slot()
    def _toggle_pause(self) -> None:
        """Stop what waits from going out, or let it go on."""
        profile, paused = self._profile.id, self._paused

        def deed() -> None:
            outbox = self._outbox()
            (outbox.resume if paused else outbox.pause)(profile)

        def done(_: None) -> None:
            self._show_waiting(self._waits_for, paused=not paused)
            self._try_now()

        self._session.run(deed, done, self.show_trouble, lane="writes")

    @Slot()
    def _go_on_behind_holes(self) -> None:
        """The relay has lost events for good, a person says: apply what comes behind them."""
        store, profile = self._store, self._profile.id

        def go_on() -> None:
            from sms_desktop.services.inbox import go_on_behind_holes

            go_on_behind_holes(store, profile)

        self._session.run(go_on, lambda _: self._try_now(), self.show_trouble, lane="writes")

    def _show_waiting(self, waits_for: str | None, *, paused: bool) -> None:
        self._waits_for, self._paused = waits_for, paused
        words = self.tr("you: sending is paused (Message > Pause sending)") if paused else None
        self.page.show_waiting(waits_for or words)

    def _may(self, *wanted: BubbleAction) -> bool:
        row = self.page.target()
        return row is not None and any(
            action in wanted for action in actions_of(row, self.page.timeline.waits_for)
        )

    def _may_do_not_contact(self) -> bool:
        return (self.page.party or "").isdigit() and not self.page.do_not_contact.listed

    @Slot()
    def _cancel(self) -> None:
        row = self.page.target()
        if row is not None and self._may(BubbleAction.CANCEL):
            self.page.act(row, BubbleAction.CANCEL)

    @Slot()
    def _copy_message(self) -> None:
        row = self.page.timeline.focused_row
        if row is not None:
            self.page.act(row, BubbleAction.COPY)

    def _choose_theme(self, choice: ThemeChoice) -> None:
        self.appearance.choose(choice)
        self._state.keep_theme(choice)

    def _step_region(self, step: int) -> None:
        """Go to the next region in reading order: list, messages, text, simulator, request."""
        regions: list[QWidget] = [self.list_pane.view]
        if self.page.party:
            regions += [self.page.timeline, self.page.compose.sheet]
        elif self.page.party == "":
            regions += [self.page.recipient.field, self.page.compose.sheet]
        simulator = self._simulator_desk.region() if self._simulator_desk is not None else None
        if simulator is not None:
            regions.append(simulator)
        if self._library is not None:
            regions += self._library.regions()
        focused = self.focusWidget()
        current = next(
            (at for at, region in enumerate(regions) if region is focused or region.isAncestorOf(focused)),
            None,
        )
        if current is None:
            wanted = 0 if step > 0 else len(regions) - 1
        else:
            wanted = (current + step) % len(regions)
        regions[wanted].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _toggle_simulator(self) -> None:
        if self._simulator_desk is not None:
            self._simulator_desk.toggle()

    def _make_library(self) -> LibraryDesk:
        if self._library is None:
            from sms_desktop.ui.library.desk import LibraryDesk  # not before it is asked for

            self._library = LibraryDesk(
                self,
                page=self.page,
                profile=self._profile,
                profiles=lambda: self._profiles,
                show_party=self._show_party,
                store=self._store,
                tasks=self._session,
                appearance=self.appearance,
            )
            self._library.secret_taken.connect(self.secret_taken)
        return self._library

    def _make_earlier(self) -> EarlierDesk:
        if self._earlier is None:
            from sms_desktop.ui.library.earlier_desk import EarlierDesk  # not before it is asked for

            self._earlier = EarlierDesk(
                self,
                page=self.page,
                reading=StoreReading(self._store, self._profile.id),
                tasks=self._session,
                appearance=self.appearance,
            )
            self._earlier.nobody_open.connect(self.new_message)
        return self._earlier

    def _refresh_simulator(self) -> None:
        if self._simulator_desk is not None:
            self._simulator_desk.refresh()

    @Slot()
    def _show_sandbox_card(self) -> None:
        self.page.show_card(True)

    @Slot()
    def _close_card(self) -> None:
        self.page.show_card(False)
        self._state.keep_first_start_closed()
        self.page.refocus()

    @Slot()
    def _show_profile_menu(self) -> None:
        from sms_desktop.ui.profile_menu import (
            ProfileCommands,
            ProfileMenu,
        )  # not before it is asked

        sandbox, shown = self._profile.is_sandbox, self._profile.id
        commands = ProfileCommands(
            choose=self._choose_profile,
            about=self._show_sandbox_card if sandbox else None,
            change=None if sandbox else lambda: self.accounts_asked.emit(shown),
            add=lambda: self.accounts_asked.emit(NEW_ACCOUNT),
            accounts=lambda: self.accounts_asked.emit(""),
        )
        menu = ProfileMenu(self._profiles, self._profile, commands, appearance=self.appearance, parent=self)
        menu.popup(self.plate.mapToGlobal(self.plate.rect().bottomLeft()))

    def _choose_profile(self, profile: Profile) -> None:
        if profile.id != self._profile.id:
            self.profile_chosen.emit(profile)

    def _show_preferences(self) -> None:
        from sms_desktop.ui.preferences.dialog import PreferencesDialog  # seldom opened

        dialog = PreferencesDialog(self._preferences, appearance=self.appearance, parent=self)
        dialog.chosen.connect(self._choose_preferences)
        dialog.show()

    @Slot(object)
    def _choose_preferences(self, preferences: Preferences) -> None:
        self.prefer(preferences)
        self.preferred.emit(preferences)

    def _show_shortcuts(self) -> None:
        from sms_desktop.ui.help_windows import ShortcutsWindow  # seldom opened

        actions = [action for menu in self.menuBar().actions() for action in _actions_of(menu)]
        ShortcutsWindow(actions, appearance=self.appearance, parent=self).show()

    def _show_about(self) -> None:
        from sms_desktop.ui.help_windows import AboutWindow  # seldom opened

        AboutWindow(appearance=self.appearance, parent=self).show()

    @Slot()
    def _tick(self) -> None:
        """Words like "now" and "waited 3 min" grow old."""
        self.list_pane.view.viewport().update()
        self.page.timeline.refresh_waiting()

    # Inside

    def _commands(self) -> Commands:
        return Commands(
            new_message=self.new_message,
            send=lambda: self.page.compose.send(),
            retry=self._retry,
            cancel=self._cancel,
            copy_message=self._copy_message,
            may_retry=lambda: self._may(BubbleAction.RETRY, BubbleAction.TRY_NOW),
            may_cancel=lambda: self._may(BubbleAction.CANCEL),
            may_copy=lambda: self.page.timeline.focused_row is not None,
            choose_kind=lambda kind: self.page.compose.choose_kind(kind),
            next_conversation=lambda: self.list_pane.step(1),
            previous_conversation=lambda: self.list_pane.step(-1),
            next_region=lambda: self._step_region(1),
            previous_region=lambda: self._step_region(-1),
            choose_theme=self._choose_theme,
            pause=self._toggle_pause,
            is_paused=lambda: self._paused,
            undo_send=lambda: self.page.compose.undo_strip.undo(),
            may_undo_send=lambda: self.page.compose.undo_strip.can_undo,
            options=lambda: self.page.compose.options_button.toggle(),
            do_not_contact=lambda: self.page.do_not_contact.add(),
            may_do_not_contact=self._may_do_not_contact,
            preferences=self._show_preferences,
            search=lambda: self.search.begin(),
            export_conversation=lambda: self._records.export_conversation(),
            forget=lambda: self._records.ask_forget(),
            kept_messages=lambda: self._records.show_kept(),
            contact=lambda: self._records.show_contact(),
            has_number=lambda: self._records.has_number,
            import_contacts=lambda: self._records.import_contacts(),
            export_contacts=lambda: self._records.export_contacts(),
            has_conversation=lambda: bool(self.page.party),
            shortcuts=self._show_shortcuts,
            accounts=lambda: self.accounts_asked.emit(""),
            sandbox=self._show_sandbox_card,
            may_sandbox=lambda: self._profile.is_sandbox,
            simulator=self._toggle_simulator if self._simulator is not None else None,
            about=self._show_about,
            templates=lambda: self._make_library().toggle(),
            earlier_drafts=lambda: self._make_earlier().toggle(),
            save_request=lambda: self._make_library().save_request(),
            request=lambda: self._make_library().toggle_request(),
            import_curl=lambda: self._make_library().import_curl(),
        )

    def _connect(self) -> None:
        self.new_button.clicked.connect(self.new_message)
        self._records = RecordsDesk(
            profile=self._profile,
            store=self._store,
            tasks=self._tasks,
            page=self.page,
            numbers=self._numbers,
            strips=self._strips,
            appearance=self.appearance,
            window=self,
        )
        self._records.forgotten.connect(self._forgotten)
        self._records.replaced.connect(self._store_replaced)
        self._records.failed.connect(self.show_trouble)
        self.search = SearchDesk(
            reading=StoreReading(self._store, self._profile.id),
            tasks=self._session,
            numbers=self._numbers,
            places=self._right,
            page=self.page,
            field=self.search_field,
            export=self._records.export,
            appearance=self.appearance,
            parent=self.page,
        )
        self.search.shown.connect(self._follow)
        self.search.failed.connect(self.show_trouble)
        self.plate.clicked.connect(self._show_profile_menu)
        self.banners.try_now_asked.connect(lambda: self._try_now())
        self.banners.go_on_asked.connect(self._go_on_behind_holes)
        self.list_pane.chosen.connect(self._choose)
        self._model.loaded.connect(self._loaded)
        self._model.loaded.connect(self.list_loaded)
        self._model.failed.connect(self.show_trouble)
        self.page.party_changed.connect(self._follow)
        self.page.try_now_asked.connect(lambda: self._try_now())
        self.page.failed.connect(self.show_trouble)
        self.page.new_message_asked.connect(self.new_message)
        self.page.card_closed.connect(self._close_card)
        self.page.account_asked.connect(lambda: self.accounts_asked.emit(NEW_ACCOUNT))
        self.page.compose.sent.connect(lambda: self.sent.emit())
        self.page.compose.templates_button.clicked.connect(lambda: self._make_library().toggle())
        self.page.drafts.noted.connect(self._model.note_draft)
        if self._profile.is_sandbox and self._simulator is not None:
            simulator = self._simulator
            self.page.compose.prices.ask_with(lambda _: simulator().price(), lane="rehearsal")
            self._simulator_desk = SimulatorDesk(
                simulator=simulator,
                page=self.page,
                own=self._profile.sender,
                tasks=self._held,
                state=self._state,
                appearance=self.appearance,
                window=self,
            )
        self.page.compose.show_part_map(self._state.part_map_shown)
        self.page.compose.part_map_shown.connect(self._state.keep_part_map_shown)
        self._links = LinkDrafts(page=self.page, show_party=self._show_party, parent=self)
        self._links.noted.connect(self.banners.show_note)

    def _lay_out(self) -> None:
        self.setWindowTitle(f"{self._profile.name} — SMS Desktop")
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 8)
        bar.setSpacing(10)
        bar.addWidget(self.plate)
        bar.addWidget(self.new_button)
        bar.addStretch(1)
        bar.addWidget(self.search_field, 2)
        bar.addStretch(1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.list_pane)
        self._right = QStackedWidget()
        self._right.addWidget(self.page)
        self._splitter.addWidget(self._right)
        self._splitter.setStretchFactor(1, 1)
        lines = QFontMetricsF(self.appearance.fonts.body).lineSpacing()
        list_width = min(round(lines * _LIST_LINES), _WIDEST_LIST)
        self._splitter.setSizes([list_width, 1_440 - list_width])
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(ProfileRail(self._profile, appearance=self.appearance))
        layout.addWidget(self.banners)
        self._strips = QVBoxLayout()
        self._strips.setContentsMargins(12, 0, 12, 0)
        layout.addLayout(self._strips)
        layout.addWidget(self._splitter, 1)
        layout.addWidget(self.status_line)
        self.setCentralWidget(centre)

    @Slot()
    def _after_paint(self) -> None:
        self.painted.emit()
        self._begin(self._held)

    def _begin(self, held: HeldTasks) -> None:
        """Have the work done that was held back, unless another profile is shown by now."""
        if held is not self._held:
            return
        held.begin()
        entry = self.findChild(QAction, "action_simulator")
        if entry is not None:
            entry.setEnabled(self._profile.is_sandbox)
            entry.setChecked(False)
        if self._simulator_desk is not None:
            self._simulator_desk.reopen()
        if self._profile.is_sandbox and not self._state.first_start_closed:
            self.page.show_card(True)
        self.page.begin_speaking()

    # Qt overrides

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's font; being looked at again means that what is shown was read."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.appearance.refresh()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.page.mark_read()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window can be seen: when this paint, with all that is inside, is done."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._after_paint)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is typed and where the window stands."""
        self.page.compose.finish()
        self._held.begin()
        self._records.stop()
        self._state.keep_geometry(self.saveGeometry())
        self._state.keep_splitter(self._splitter.saveState())
        if self._simulator_desk is not None:
            self._simulator_desk.keep()
        super().closeEvent(event)
        self.closed.emit()


def _actions_of(top: QAction) -> list[QAction]:
    menu: Any = top.menu()  # PySide's stubs call it a QObject, and never None
    return list(menu.actions()) if menu is not None else []
