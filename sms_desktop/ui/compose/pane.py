"""Where a message is written and sent. Stands under the timeline; made by the conversation page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from sms_desktop.messages.addresses import sender as checked_sender
from sms_desktop.messages.drafts import OPTION_FIELDS, Draft, pane_of
from sms_desktop.messages.errors import Mendable, SmsDesktopError
from sms_desktop.messages.ids import MessageId
from sms_desktop.messages.kinds import Kind
from sms_desktop.settings.preferences import Preferences
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.buttons import Button, ButtonLook
from sms_desktop.ui.compose.drafts import DraftKeeper, behind
from sms_desktop.ui.compose.guard import question
from sms_desktop.ui.compose.kind_tabs import KindTabs
from sms_desktop.ui.compose.lint_line import LintLine, is_doubtful
from sms_desktop.ui.compose.linting import Linting, ToCheck
from sms_desktop.ui.compose.prices import PriceBook
from sms_desktop.ui.compose.send_button import SendButton
from sms_desktop.ui.compose.sender_box import SenderBox
from sms_desktop.ui.compose.sending import Sending
from sms_desktop.ui.compose.sheet import Sheet
from sms_desktop.ui.compose.sheet_place import SheetPlace
from sms_desktop.ui.compose.text_sheet import TextSheet
from sms_desktop.ui.compose.undo import UndoStrip
from sms_desktop.ui.icon_label import IconLabel, Tone
from sms_desktop.ui.reading import Reading, TaskRunner
from sms_desktop.ui.strip import Strip, StripWords
from sms_desktop.ui.style import set_ink
from sms_desktop.ui.times import clock, now_us

if TYPE_CHECKING:
    from sms_desktop.messages.findings import Finding
    from sms_desktop.services.outbox import Compose, Outbox
    from sms_desktop.ui.compose.ahead import SheetsAhead
    from sms_desktop.ui.compose.options_drawer import OptionsDrawer

MARGIN = 20
_SPREADS, _KEEPS = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum
_SENTENCE = 36  # characters: a narrower place for a notice makes it too many lines


class ComposePane(QWidget):
    """Kind tabs, the sheet of the kind that is written, options, sender and Send.

    Signals: `sent(party, message)`, after the store has the message (`party` as typed); `recipient_wanted()`,
    the number is missing or wrong: the field for it should get the focus; `undone(party)`, a message was
    taken back and stands as the draft to `party`; `failed(error)`, something else could not be done;
    `rewritten()`, what would be sent may be something else now; `part_map_shown(shown)`,
    the person opened or closed the part map; `sheet_shown(sheet)`, another Sheet is written in.
    """

    sent = Signal(str, str)
    recipient_wanted = Signal()
    undone = Signal(str)
    failed = Signal(object)
    rewritten = Signal()
    part_map_shown = Signal(bool)
    sheet_shown = Signal(object)

    def __init__(
        self,
        *,
        profile: Profile,
        reading: Reading,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        drafts: DraftKeeper,
        typed_recipient: Callable[[], str],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._reading = reading
        self._tasks = tasks
        self._drafts = drafts
        self._typed_recipient = typed_recipient
        self._appearance = appearance
        self._party = ""
        self._loading = False
        self._preferences = Preferences()
        self._name = ""
        self._asked: Compose | None = None
        self._drawer: OptionsDrawer | None = None
        self._ahead: SheetsAhead | None = None
        self._options: dict[str, str] = {}
        self._waits_for: str | None = None
        self._note: str | None = None
        self._problem: str | None = None
        self._sending = Sending(profile, outbox=outbox, tasks=tasks, parent=self)

        self.tabs = KindTabs(appearance=appearance)
        self.text_sheet = TextSheet(appearance=appearance)
        self._sheets: dict[Kind, Sheet] = {Kind.TEXT: self.text_sheet}
        self._sheet: Sheet = self.text_sheet
        self.sender_box = SenderBox(profile.sender, appearance=appearance)
        self.sender_field = self.sender_box.edit
        self.sender_field.setAccessibleName(self.tr("From"))
        self._from = QLabel(self.tr("From"))
        self._from.setBuddy(self.sender_field)
        self.templates_button = Button(
            self.tr("Templates"), appearance=appearance, icon="template", look=ButtonLook.PLAIN, folds=True
        )
        self.templates_button.setObjectName("templates")
        self.templates_button.setToolTip(self.tr("Templates and requests (Ctrl+T)"))
        self._saved = QLabel()
        self._saved.setObjectName("draft_note")
        self.options_button = Button(
            "", appearance=appearance, icon="settings", look=ButtonLook.PLAIN, folds=True
        )
        self.options_button.setObjectName("options")
        self.options_button.setCheckable(True)
        self.confirm_strip = Strip("confirm_strip", appearance=appearance)
        self.undo_strip = UndoStrip(outbox=outbox, tasks=tasks, appearance=appearance)
        self._notice = IconLabel(appearance=appearance, icon="warning", caption=True)
        self._notice.setObjectName("compose_notice")
        self.lint = LintLine(appearance=appearance)
        self._linting = Linting(profile, self._to_check, parent=self)
        self.prices = PriceBook(tasks=tasks, parent=self)
        self.map_button = Button(
            self.tr("Part map"), appearance=appearance, icon="chevron-down", look=ButtonLook.PLAIN
        )
        self.map_button.setObjectName("part_map_toggle")
        self.map_button.setCheckable(True)
        self.send_button = SendButton(profile, appearance=appearance)
        self._lay_out()
        self._restyle()
        self._attend(self.text_sheet)

        self.tabs.chosen.connect(self._kind_chosen)
        self.sender_field.textChanged.connect(self._sender_changed)
        self.send_button.clicked.connect(self.send)
        self.options_button.toggled.connect(self._show_options)
        self.confirm_strip.pressed.connect(self._answered)
        self.undo_strip.undone.connect(self._undone)
        self.undo_strip.failed.connect(self.failed)
        self.text_sheet.editor.send_asked.connect(self.send)
        self.map_button.clicked.connect(self._map_toggled)
        self._linting.found.connect(self._show_findings)
        self.lint.chosen.connect(self._go_to)
        self.lint.remove_asked.connect(self._take_out)
        self.prices.learned.connect(self._show_price)
        self._sending.done.connect(self._done)
        self._sending.refused.connect(self._refuse)
        drafts.loaded.connect(self._drafts_loaded)
        drafts.saved.connect(self._draft_saved)
        appearance.changed.connect(self._restyle)
        self._show_options_number()
        self._show_send()

    @property
    def party(self) -> str:
        """To whom the message goes; "" while that is typed in the head."""
        return self._party

    @property
    def sheet(self) -> Sheet:
        """The fields of the kind that is written."""
        return self._sheet

    def draft(self) -> Draft:
        """What is typed, with the options."""
        found = self._sheet.draft()
        return Draft(found.kind, found.text, {**found.fields, **self._options, **self._typed_sender()})

    def _typed(self) -> tuple[Draft, ...]:
        """What is typed into each pane that holds something; what is shown stands last."""
        others = (sheet.draft() for sheet in self._sheets.values() if sheet is not self._sheet)
        return tuple(draft for draft in (*others, self.draft()) if draft)

    # What the page asks

    def open(self, party: str, name: str) -> None:
        """Write to `party`, beginning with its draft; `name` is how it is called."""
        if self._loading:
            self._drafts.add_behind(self._party, self._typed())
        self._drafts.flush()
        self._party = party
        self._loading = True
        self._saved.clear()
        self._ask(None)
        self._problem = self._note = None
        for sheet in self._sheets.values():
            sheet.put(Draft(sheet.kind, ""))
        self._put(Draft(Kind.TEXT, ""))
        self.call(name)
        self._drafts.load(party)

    def call(self, name: str) -> None:
        """Call the other party so; "" while it is nobody yet."""
        self._name = name
        words = self.tr("Message to %1").replace("%1", name) if name else self.tr("Message")
        self.text_sheet.editor.setPlaceholderText(words)

    def finish(self) -> None:
        """Save what is typed: the window closes."""
        if self._loading:
            self._drafts.save_behind(self._party, self._typed())
        self._drafts.flush()

    def changed_sender(self) -> str | None:
        """What stands under From, None where it is the profile's usual sender."""
        typed = self.sender_field.text()
        return None if typed == self._profile.sender else typed

    def show_senders(self, numbers: tuple[str, ...]) -> None:
        """Offer the account's own numbers under From."""
        self.sender_box.show_choices(numbers)

    def take(self, draft: Draft) -> None:
        """Put a message back: a text before what is typed there already, any other in place of it."""
        typed = self.text_sheet.draft().text
        self.choose_kind(draft.kind)
        if self._sheet is self.text_sheet:
            whole = f"{draft.text}\n{typed}" if typed and typed != draft.text else draft.text
            self.text_sheet.insert(whole, len(draft.text))
        else:
            self._sheet.put(draft)
        self._take_options(draft)
        self._changed()
        self.focus()

    def open_request(self, draft: Draft) -> Draft:
        """Show a whole message in place of what its pane holds; returns what stood there."""
        sheet = self._sheets.get(pane_of(draft.kind))
        typed = Draft(draft.kind, "") if sheet is None else sheet.draft()
        before = Draft(typed.kind, typed.text, {**typed.fields, **self._options, **self._typed_sender()})
        if not self._loading:
            self._drafts.set_aside(self._party, draft.kind)
        self.choose_kind(draft.kind)
        if self._sheet is self.text_sheet:
            self.text_sheet.insert(draft.text, len(draft.text))
        else:
            self._sheet.put(draft)
        self._take_options(draft)
        self._changed()
        self.focus()
        return before

    def show_part_map(self, shown: bool) -> None:
        """Open or close the part map under the text."""
        self.map_button.setChecked(shown)
        self.map_button.set_icon_name("chevron-up" if shown else "chevron-down")
        self.text_sheet.show_map(shown)

    @Slot()
    def recheck(self) -> None:
        """Something beside the sheet changed that the checks look at: the number."""
        self._linting.ask()
        self.rewritten.emit()

    def focus_field(self, name: str) -> None:
        """Put the caret into the field of a name, wherever it is."""
        match name:
            case "to" if not self._party:
                self.recipient_wanted.emit()
            case "from":
                self.sender_field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.sender_field.selectAll()
            case _:
                if not self._sheet.focus(name) and not self._focus_option(name):
                    self.focus()

    def choose_kind(self, kind: Kind) -> None:
        """Write as another kind; what can be carried goes along."""
        if kind is not self.tabs.kind:
            self.tabs.show_kind(kind)
            self._kind_chosen(kind)
        self.focus()

    def focus(self) -> None:
        """Put the caret into the first field of what is written."""
        self._sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_waiting(self, waits_for: str | None) -> None:
        """Say what keeps the sender; None: nothing does."""
        if waits_for != self._waits_for:
            self._waits_for = waits_for
            self._show_notice()
            self._show_send()

    def prefer(self, preferences: Preferences) -> None:
        """Ask and wait as the person prefers, from now on."""
        self._preferences = preferences
        self.text_sheet.editor.enter_sends = preferences.enter_sends

    @Slot()
    def send(self) -> None:
        """Send what is written, or say in words why not. Pressing twice is one message.

        A message that is large or dear is asked about first: then only the button of the question sends it.
        """
        if self._asked is not None:
            return
        self._drafts.flush()
        preferences = self._preferences
        sandbox = self._profile.is_sandbox
        compose = self._sending.prepare(
            self.draft(),
            to=self._party or self._typed_recipient(),
            party=self._party,
            sender=self.sender_field.text(),
            accept_loss=self._sheet.accepts_loss,
            undo_ms=1_000 * (preferences.sandbox_undo_seconds if sandbox else preferences.undo_seconds),
        )
        if compose is None:
            return
        parts = self._sheet.parts
        asked = question(self._profile, parts, self.prices.estimate(compose.to, parts), preferences)
        if asked is None:
            self._sending.send(compose)
        else:
            self._ask(compose, asked)

    # Slots

    @Slot()
    def _changed(self) -> None:
        """Something of what is written changed."""
        self._problem = None
        self._ask(None)
        draft = self.draft()
        if not self._loading:
            self._drafts.note(self._party, draft)
            self._saved.clear()
        self._show_written()
        self._show_send()
        self._show_notice()
        self._linting.ask()

    @Slot(str, str)
    def _option_chosen(self, name: str, value: str) -> None:
        chosen = self._options | {name: value}
        self._options = {each: given for each, given in chosen.items() if given}
        if self._drawer is not None:
            self._drawer.show_values(self._options)
        self._show_options_number()
        self._changed()

    @Slot(object)
    def _kind_chosen(self, kind: Kind) -> None:
        self._note = self._problem = None
        before = self.draft()
        if pane_of(kind) is pane_of(before.kind):
            self.text_sheet.write_as(kind)
        else:
            self._show_sheet(kind)
            if not self._sheet.draft():
                from sms_desktop.services.drafting import carried

                self._sheet.put(carried(before, kind))
            elif self._sheet is self.text_sheet:
                self.text_sheet.write_as(kind)
            self.lint.show_findings(())  # those of another pane
        if self.draft():
            self._changed()
        else:
            self._show_send()
            self._show_notice()
            self._linting.ask()
        if not self.tabs.has_focus:  # who goes from tab to tab by key goes on there
            self.focus()

    @Slot()
    def _sender_changed(self) -> None:
        self._problem = None
        if not self._loading and self.draft():
            self._drafts.note(self._party, self.draft())
        self._show_notice()
        self.rewritten.emit()
        self._linting.ask()

    @Slot(bool)
    def _map_toggled(self, shown: bool) -> None:
        self.show_part_map(shown)
        self.part_map_shown.emit(shown)

    @Slot(object)
    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        said = self._sender_problem() is not None  # stands beside Send already
        self.lint.show_findings(tuple(each for each in findings if each.field != "from" or not said))
        if self._drawer is not None:
            self._drawer.show_findings(findings)
        self._show_price()  # a number may be complete now

    @Slot(object)
    def _go_to(self, finding: Finding) -> None:
        field = self._sheet.fields().get(finding.field)
        if field is not None and is_doubtful(finding):
            from sms_desktop.ui.compose.doubtful import show_in

            show_in(field, finding)
        else:
            self.focus_field(finding.field)

    @Slot(object)
    def _take_out(self, finding: Finding) -> None:
        field = self._sheet.fields().get(finding.field)
        if field is not None:
            from sms_desktop.ui.compose.doubtful import take_out

            take_out(field)
            self.focus()

    @Slot()
    def _show_price(self) -> None:
        self._sheet.show_price(self.prices.price(self._party or self._typed_recipient()))

    def _to_check(self) -> ToCheck:
        return ToCheck(
            self.draft(),
            self._party or self._typed_recipient(),
            self.sender_field.text(),
            self._sheet.accepts_loss,
            self._sheet.explains,
            self._sheet.notes,
        )

    @Slot(str, object)
    def _drafts_loaded(self, party: str, drafts: tuple[Draft, ...]) -> None:
        if party != self._party or not self._loading:
            return
        before = {pane_of(draft.kind): draft for draft in drafts if draft}
        typed = {
            pane_of(draft.kind): behind(before.get(pane_of(draft.kind)), draft) for draft in self._typed()
        }
        shown: Draft | None = None
        for pane, draft in (before | typed).items():
            (self._sheets.get(pane) or self._make_sheet(draft.kind)).put(draft)
            shown = draft
        shown = typed.get(pane_of(self._sheet.kind), shown)
        if shown is not None:
            self._put(shown)
            self._saved.setText(self.tr("Draft"))
        self._loading = False
        for draft in typed.values():
            self._drafts.note(party, draft)
        self._make_sheets_ahead()

    @Slot(str)
    def _draft_saved(self, party: str) -> None:
        if party == self._party and self._sheet.draft():
            self._saved.setText(self.tr("Draft saved %1").replace("%1", clock(now_us())))

    @Slot(object, str)
    def _done(self, compose: Compose, message: str) -> None:
        from sms_desktop.services.drafting import read

        party = self._party
        if read(self.draft()).message == compose.content:
            self._drafts.forget(party, compose.content.kind)
            self._put(Draft(compose.content.kind, ""))
        else:  # typed on meanwhile: sending removed the draft from the store
            self._drafts.save_again(party)
        self._problem = None
        self._saved.clear()
        self._show_notice()
        if self.send_button.hasFocus():  # by a click: the next message is typed
            self.focus()
        self.undo_strip.begin(
            MessageId(message), party=party, name=self._name or compose.to, milliseconds=compose.undo_ms
        )
        self.sent.emit(compose.to, message)

    @Slot(str)
    def _undone(self, party: str) -> None:
        self._drafts.drop(party)
        self.undone.emit(party)

    @Slot(bool)
    def _show_options(self, shown: bool) -> None:
        if shown and self._drawer is None:
            from sms_desktop.ui.compose.options_drawer import OptionsDrawer  # seldom opened

            drawer = self._drawer = OptionsDrawer(self._profile, appearance=self._appearance)
            drawer.changed.connect(self._options_changed)
            drawer.show_values(self._options)
            self._place.add(drawer)
            self._order(drawer)
            self._show_written()
        if self._drawer is not None:
            self._drawer.setVisible(shown)

    @Slot()
    def _options_changed(self) -> None:
        assert self._drawer is not None
        self._options = self._drawer.values()
        self._show_options_number()
        self._changed()

    @Slot(str)
    def _answered(self, name: str) -> None:
        compose = self._asked
        self._ask(None)
        if name == "confirm_send" and compose is not None:
            self._sending.send(compose)
        self.focus()

    @Slot()
    def _restyle(self) -> None:
        fonts = self._appearance.fonts
        self._saved.setFont(fonts.caption)
        for label in (self._from, self._saved):
            set_ink(label, self._appearance.theme.text2)
        self.sender_box.fit()
        self._show_notice()
        self.update()

    @Slot(object)
    def _refuse(self, error: SmsDesktopError) -> None:
        self._problem = f"{error.message} {error.hint}" if error.hint else error.message
        self._show_notice()
        self.focus_field(error.field or "")

    # Inside

    def _focus_option(self, name: str) -> bool:
        """Open the drawer at an option; False if there is none of that name."""
        if name not in OPTION_FIELDS:
            return False
        self.options_button.setChecked(True)
        return self._drawer is not None and self._drawer.focus(name)

    def _ask(self, compose: Compose | None, words: str = "") -> None:
        """Ask before this is sent; None: ask nothing any more."""
        self._asked = compose
        if compose is None:
            self.confirm_strip.say(None)
            return
        parts = self.tr("Send %n part(s)", "", self._sheet.parts)
        buttons = (("confirm_send", parts), ("confirm_back", self.tr("Back to editing")))
        self.confirm_strip.say(StripWords("warning", words, "", buttons, is_warning=True))
        self.confirm_strip.buttons[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _attend(self, sheet: Sheet) -> None:
        sheet.changed.connect(self._changed)
        sheet.kind_asked.connect(self.choose_kind)
        sheet.option_chosen.connect(self._option_chosen)

    def _make_sheets_ahead(self) -> None:
        window = self.window().windowHandle()
        if self._ahead is None and window is not None:
            from sms_desktop.ui.compose.ahead import SheetsAhead  # not before the first paint

            def make(kind: Kind) -> None:
                if pane_of(kind) not in self._sheets:
                    self._make_sheet(kind)

            self._ahead = SheetsAhead(make, tasks=self._tasks, parent=self)
            self.text_sheet.changed.connect(self._ahead.put_off)
            self._ahead.begin(window)

    def _make_sheet(self, kind: Kind) -> Sheet:
        from sms_desktop.ui.compose.sheets import make_sheet  # not before the first paint

        sheet = make_sheet(
            kind,
            profile=self._profile,
            reading=self._reading,
            tasks=self._tasks,
            appearance=self._appearance,
        )
        sheet.hide()
        self._sheets[pane_of(kind)] = sheet
        self._place.add(sheet)
        if self._drawer is not None:  # stands under every sheet
            self._place.add(self._drawer)
        self._order(sheet)
        self._attend(sheet)
        return sheet

    def _order(self, made: QWidget) -> None:
        """Made after the row below, it stands before it: Tab leads from the fields to the sender and Send."""
        last: QWidget | None = self.lint
        while last is not None and not last.focusPolicy() & Qt.FocusPolicy.TabFocus:
            last = last.previousInFocusChain()  # a box only stands for its fields
        before = last or self
        for widget in made.findChildren(QWidget):
            # A list that drops down is a window of its own.
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is self.window():
                QWidget.setTabOrder(before, widget)
                before = widget

    def _show_sheet(self, kind: Kind) -> None:
        pane = pane_of(kind)
        sheet = self._sheets.get(pane) or self._make_sheet(kind)
        if sheet is not self._sheet:
            self._sheet.hide()
            self._sheet = sheet
            sheet.show()
            self.sheet_shown.emit(sheet)
        self.map_button.setVisible(sheet is self.text_sheet)
        self._show_price()

    def _put(self, draft: Draft) -> None:
        """Show a draft that needs no saving."""
        self.tabs.show_kind(draft.kind)
        self._show_sheet(draft.kind)
        self._sheet.put(draft)
        self._take_options(draft)
        self._show_written()
        self._show_send()
        self._linting.ask()

    def _take_options(self, draft: Draft) -> None:
        self._options = {name: value for name, value in draft.fields.items() if name in OPTION_FIELDS[1:]}
        if self._drawer is not None:
            self._drawer.show_values(self._options)
        self._show_options_number()
        sender = draft.fields.get("from", self._profile.sender)
        if draft and sender != self.sender_field.text():
            self.sender_field.setText(sender)

    def _typed_sender(self) -> dict[str, str]:
        sender = self.changed_sender()
        return {} if sender is None else {"from": sender}

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 8, MARGIN, 10)
        body.setSpacing(6)
        self._place = SheetPlace()
        self._place.add(self.text_sheet)
        body.addWidget(self._place)
        body.addWidget(self.lint)
        body.addWidget(self.confirm_strip)
        body.addWidget(self.undo_strip)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._from)
        row.addWidget(self.sender_box)
        row.addWidget(self.options_button)
        row.addWidget(self.templates_button)
        row.addWidget(self._saved)
        self._spring = QSpacerItem(0, 0)
        row.addItem(self._spring)
        self._notice.setWordWrap(True)
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._notice, 1)
        row.addWidget(self.send_button)
        body.addLayout(row)
        self._body, self._row = body, row
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 1, 0, 0)  # the hairline above
        layout.setSpacing(0)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(MARGIN - 4, 0, MARGIN, 0)
        tabs.addWidget(self.tabs, 1)
        tabs.addWidget(self.map_button)
        layout.addLayout(tabs)
        layout.addLayout(body)

    def _show_options_number(self) -> None:
        number = len(self._options)
        self.options_button.set_label(
            self.tr("Options · %1").replace("%1", str(number)) if number else self.tr("Options")
        )

    def _show_written(self) -> None:
        """Show what was typed as what it means; the text has shown itself."""
        if self._sheet is not self.text_sheet:
            from sms_desktop.services.drafting import read  # not before a sheet needs it

            self._sheet.show_written(read(self.draft()))

    def _show_send(self) -> None:
        self.send_button.show_parts(self._sheet.parts, queues=self._waits_for is not None)
        self.rewritten.emit()

    def _show_notice(self) -> None:
        words, icon, tone = self._notice_words()
        if words == self._notice.text():
            return
        self._notice.show_words(words, icon=icon, tone=tone)
        self._saved.setVisible(not words)
        self._place_notice()

    def _notice_words(self) -> tuple[str, str, Tone]:
        if self._problem is not None:
            return self._problem, "warning", "warn"
        if (problem := self._sender_problem()) is not None:
            return problem, "warning", "warn"
        if self._waits_for is not None:
            words = self.tr("Goes out later. Waiting for: %1").replace("%1", self._waits_for)
            return words, "queue", "quiet"
        return "", "warning", "quiet"

    def _sender_problem(self) -> str | None:
        typed = self.sender_field.text()
        if not typed.strip():
            return None  # said when Send is pressed
        try:
            found = checked_sender(typed)
        except Mendable as error:
            return error.message
        if found.spaces_dropped:
            return self.tr("From: goes as %1, without spaces.").replace("%1", found.value)
        return None

    def _place_notice(self) -> None:
        """Beside Send where there is room for a sentence, else in a line of its own above."""
        used = sum(
            widget.sizeHint().width()
            for widget in (self._from, self.options_button, self.templates_button, self.send_button)
        )
        used += self.sender_box.width()
        room = self.width() - 2 * MARGIN - used - 40
        beside = room >= self._notice.fontMetrics().averageCharWidth() * _SENTENCE
        if beside != (self._row.indexOf(self._notice) >= 0):
            self._row.removeWidget(self._notice)
            self._body.removeWidget(self._notice)
            if beside:
                self._row.insertWidget(self._row.count() - 1, self._notice, 1)
            else:
                self._body.insertWidget(self._body.count() - 1, self._notice)
            self._spring.changeSize(0, 0, _SPREADS if not beside else _KEEPS)
            self._row.invalidate()
        self._notice.setVisible(beside or bool(self._notice.text()))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look where the notice fits."""
        super().resizeEvent(event)
        self._place_notice()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairlines above and under the tabs."""
        painter = QPainter(self)
        theme = self._appearance.theme
        painter.fillRect(self.rect(), theme.window)
        painter.fillRect(0, 0, self.width(), 1, theme.line)
        painter.fillRect(0, self.tabs.geometry().bottom(), self.width(), 1, theme.line)
