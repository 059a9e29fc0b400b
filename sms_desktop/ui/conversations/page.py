"""The right side of the window: head, timeline and compose pane of one conversation, or of a new message.

Made by the window.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from sms_desktop.messages.errors import SmsDesktopError
from sms_desktop.messages.ids import ComposeId, ConversationId, MessageId, new_id
from sms_desktop.services.handsets import Handset
from sms_desktop.settings.profiles import Profile
from sms_desktop.store.changes import Changes
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.drafts import DraftKeeper
from sms_desktop.ui.compose.pane import MARGIN, ComposePane
from sms_desktop.ui.conversations.do_not_contact import DoNotContactStrip
from sms_desktop.ui.conversations.head import ConversationHead
from sms_desktop.ui.conversations.message_window import MessageWindow
from sms_desktop.ui.conversations.timeline import Timeline
from sms_desktop.ui.conversations.verdict import BubbleAction, may_cancel, verdict_of
from sms_desktop.ui.numbers import NumberBook, country
from sms_desktop.ui.reading import Reading, TaskRunner

if TYPE_CHECKING:
    from sms_desktop.services.opt_outs import OptOuts
    from sms_desktop.services.outbox import Outbox
    from sms_desktop.store.messages import MessageRow
    from sms_desktop.ui.compose.recipient import RecipientField
    from sms_desktop.ui.empty_page import EmptyPage
    from sms_desktop.ui.first_start import CardPlace

_LOWEST = 80
_CARD_AT = 2  # behind the head and its hairline


class ConversationPage(QWidget):
    """Shows one party at a time; "" is a message to nobody yet.

    Signals: `party_changed(party)`, another conversation is shown because a new message went there;
    `try_now_asked()`; `failed(error)`; `new_message_asked()`; `card_closed()`;
    `account_asked()`, the person wants a real account.
    """

    party_changed = Signal(str)
    try_now_asked = Signal()
    failed = Signal(object)
    new_message_asked = Signal()
    card_closed = Signal()
    account_asked = Signal()

    def __init__(
        self,
        *,
        profile: Profile,
        reading: Reading,
        outbox: Callable[[], Outbox],
        tasks: TaskRunner,
        numbers: NumberBook,
        handsets: tuple[Handset, ...],
        opt_outs: Callable[[], OptOuts],
        appearance: Appearance,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._profile = profile
        self._reading = reading
        self._outbox = outbox
        self._tasks = tasks
        self._numbers = numbers
        self._handsets = {handset.number: handset for handset in handsets}
        self._appearance = appearance
        self._party: str | None = None
        self._wanted: MessageRow | None = None
        self._resending: set[str] = set()
        self._proof: str | None = None
        # Made when they are needed first: the window's first paint waits for none of them.
        self._recipient: RecipientField | None = None
        self._empty: EmptyPage | None = None
        self._card: CardPlace | None = None
        self._card_wanted = False
        self._access: QObject | None = None

        self._head = ConversationHead(appearance=appearance)
        self._window = MessageWindow(reading=reading, tasks=tasks, parent=self)
        self.timeline = Timeline(appearance=appearance, window=self._window)
        self.drafts = DraftKeeper(
            profile=profile.id, reading=reading, outbox=outbox, tasks=tasks, parent=self
        )
        self.compose = ComposePane(
            profile=profile,
            reading=reading,
            outbox=outbox,
            tasks=tasks,
            drafts=self.drafts,
            typed_recipient=lambda: self.recipient.typed(),
            appearance=appearance,
        )
        self.do_not_contact = DoNotContactStrip(
            reading=reading, opt_outs=opt_outs, tasks=tasks, appearance=appearance
        )
        self._lay_out()
        self._connect()

    # What the window asks

    @property
    def party(self) -> str | None:
        """Whose conversation is shown; "" for a new message, None for nothing."""
        return self._party

    @property
    def recipient(self) -> RecipientField:
        """The field for the number of a new message."""
        if self._recipient is None:
            from sms_desktop.ui.compose.recipient import RecipientField

            self._recipient = RecipientField(tasks=self._tasks, appearance=self._appearance)
            self._recipient.finished.connect(lambda: self.compose.focus())
            self._recipient.field.textChanged.connect(self.compose.recheck)
            self._heads.addWidget(self._recipient)
            # Made after the editor, it stands before it: Tab leads from the number to the text.
            self.setTabOrder(self.compose.map_button, self._recipient.field)
        return self._recipient

    def typed_recipient(self) -> str:
        """What stands in the field for the number of a new message."""
        return "" if self._recipient is None else self._recipient.typed()

    @property
    def empty(self) -> EmptyPage:
        """What stands in the middle while there is no conversation to show."""
        if self._empty is None:
            from sms_desktop.ui.empty_page import EmptyPage

            self._empty = EmptyPage(appearance=self._appearance)
            self._empty.new_message_asked.connect(self.new_message_asked)
            self._empty.show_proof(self._proof)
            self._middle.addWidget(self._empty)
        return self._empty

    def name(self) -> str:
        """How the other party is called."""
        if not self._party:
            return self.tr("nobody yet")
        handset = self._handsets.get(self._party)
        return handset.name if handset is not None else self._numbers.called(self._party)

    def open(self, party: str) -> None:
        """Show the conversation with `party`, from its newest message, with its draft."""
        if party == self._party:
            return
        self._party = party
        self._heads.setCurrentWidget(self._head)
        self._middle.setCurrentWidget(self.timeline)
        self.compose.show()
        self._show_head()
        self._numbers.learn([party])
        self._window.open(None)
        self._tasks.run(
            lambda: self._reading.find(party), lambda found: self._found(party, found), self.failed.emit
        )
        self.do_not_contact.open(party)
        self.compose.open(party, self.name())

    def open_at(self, row: MessageRow) -> None:
        """Show a message where it stands in its conversation."""
        if row.party != self._party:
            self._wanted = row
            self.open(row.party)
        else:
            self._window.open_at(row.conversation, row.seq)
        self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def new_message(self) -> None:
        """Show an empty page for a message to a number that is typed.

        What was typed before is still there.
        """
        if self._party != "":
            self._party = ""
            self._window.open(None)
            self._heads.setCurrentWidget(self.recipient)
            self.empty.show_words(
                self.tr("New message"),
                self.tr(
                    "Type the number above and the text below. The conversation appears here once it is sent."
                ),
                button=False,
            )
            self._middle.setCurrentWidget(self.empty)
            self.do_not_contact.open("")
            self.compose.show()
            self.compose.open("", "")
        self.recipient.focus()

    def show_draft(self) -> None:
        """Show the drafts to the open party anew: something else than typing changed them."""
        self.compose.open(self._party or "", self.name() if self._party else "")

    def show_nothing(self) -> None:
        """Show what to do while there is no conversation."""
        self._party = None
        self._window.open(None)
        self._head.show_party("", "", ())
        self._heads.setCurrentWidget(self._head)
        sentence = self.tr("Write to a number, or wait: replies to %1 appear here by themselves.")
        self.empty.show_words(
            self.tr("No messages yet"), sentence.replace("%1", self._profile.sender), button=True
        )
        self._middle.setCurrentWidget(self.empty)
        self.do_not_contact.open("")
        self.compose.hide()

    def apply(self, changes: Changes) -> None:
        """Show what changed."""
        self._window.apply(changes)
        if changes.everything or self._window.conversation in changes.conversations:
            self.do_not_contact.refresh()  # a reply may have asked for it
        party = self._party
        if party and self._window.conversation is None and (changes.conversations or changes.everything):
            # A conversation that did not exist when it was opened may exist now.
            self._tasks.run(
                lambda: self._reading.find(party), lambda found: self._found(party, found), self.failed.emit
            )

    def show_proof(self, words: str | None) -> None:
        """Say on the empty page that all works, or nothing."""
        self._proof = words
        if self._empty is not None:
            self._empty.show_proof(words)

    def begin_speaking(self) -> None:
        """Have bubbles speak to assistive technologies; called once the window can be seen."""
        from sms_desktop.ui.conversations.access import TimelineAccess

        access = TimelineAccess(self.timeline, name=self.name)
        self._window.arrived.connect(access.announce)
        self._access = access

    def show_waiting(self, waits_for: str | None) -> None:
        """Say what keeps the sender."""
        self.timeline.set_waits_for(waits_for)
        self.compose.show_waiting(waits_for)

    def target(self) -> MessageRow | None:
        """The message that the menu acts on.

        The one the keyboard is at, else the last that needs something.
        """
        focused = self.timeline.focused_row
        if focused is not None:
            return focused
        waiting = (
            row
            for row in reversed(self._window.rows)
            if verdict_of(row, self.timeline.waits_for) or may_cancel(row)
        )
        return next(waiting, None)

    def outbound_target(self) -> MessageRow | None:
        """The message that a receipt could be for.

        The one the keyboard is at, else the last one, of those that the gateway took.
        """
        focused = self.timeline.focused_row
        if focused is not None and _was_taken(focused):
            return focused
        return next((row for row in reversed(self._window.rows) if _was_taken(row)), None)

    @Slot()
    def mark_read(self) -> None:
        """Tell the store that the person has seen this conversation, if they have."""
        conversation = self._window.conversation
        if conversation is None or not self.timeline.is_at_end or not self.isActiveWindow():
            return
        self._tasks.run(
            lambda: self._outbox().mark_read(conversation), lambda _: None, self.failed.emit, lane="writes"
        )

    @Slot(object, object)
    def act(self, row: MessageRow, action: BubbleAction) -> None:
        """Do something with a message."""
        match action:
            case BubbleAction.RETRY | BubbleAction.RESEND:
                self._resend(row)
            case BubbleAction.EDIT | BubbleAction.AGAIN:
                self._edit(row)
            case BubbleAction.ARRIVED:
                self._tasks.run(
                    lambda: self._outbox().arrived(row.id), lambda _: None, self.failed.emit, lane="writes"
                )
            case BubbleAction.CANCEL:
                self._tasks.run(
                    lambda: self._outbox().cancel(row.id), lambda _: None, self.failed.emit, lane="writes"
                )
            case BubbleAction.TRY_NOW:
                self.try_now_asked.emit()
            case BubbleAction.COPY:
                from sms_desktop.ui.conversations.cards import copied  # not before the first paint

                QGuiApplication.clipboard().setText(copied(row))
            case BubbleAction.SHOW_ALL:
                self.timeline.act(row, action)

    # Slots

    @Slot(str, str)
    def _sent(self, _typed: str, message: str) -> None:
        if self._party:
            self.timeline.go_to_newest()
            return
        self.recipient.clear()
        self._tasks.run(
            lambda: self._reading.messages_by_id([MessageId(message)]), self._go_to, self.failed.emit
        )

    @Slot(str)
    def _undone(self, party: str) -> None:
        if party == self._party:
            self.show_draft()
        elif party:
            self.open(party)
            self.party_changed.emit(party)
        else:
            self.new_message()

    def _go_to(self, rows: tuple[MessageRow, ...]) -> None:
        if rows and self._party == "":
            self.open(rows[0].party)
            self.party_changed.emit(rows[0].party)

    def _found(self, party: str, conversation: ConversationId | None) -> None:
        wanted, self._wanted = self._wanted, None
        if party != self._party or conversation is None or self._window.conversation == conversation:
            return
        if wanted is not None and wanted.conversation == conversation:
            self._window.open_at(conversation, wanted.seq)
        else:
            self._window.open(conversation)

    def _edit(self, row: MessageRow) -> None:
        from sms_desktop.services.outbox import draft_of_row  # loaded by the first send anyway

        self.compose.take(draft_of_row(row))

    def _resend(self, row: MessageRow) -> None:
        if row.id in self._resending:
            return
        self._resending.add(row.id)
        compose_id = ComposeId(new_id())

        def failed(error: SmsDesktopError) -> None:
            self._resending.discard(row.id)
            self.failed.emit(error)

        def done(_message: str) -> None:
            self._resending.discard(row.id)
            self.timeline.go_to_newest()

        self._tasks.run(
            lambda: self._outbox().resend(row.id, compose_id=compose_id, profile=self._profile),
            done,
            failed,
            lane="writes",
        )

    @Slot()
    def _show_head(self) -> None:
        if not self._party:
            return
        self.compose.call(self.name())
        words = self._numbers.words(self._party)
        handset = self._handsets.get(self._party)
        if handset is not None:
            self._head.show_party(handset.name, words.formatted, (handset.note,))
        else:
            name = country(words.region)
            notes = (name,) if name else ()
            called = self._numbers.name(self._party)
            self._head.show_party(called or words.formatted, words.formatted if called else "", notes)

    # Inside

    def _connect(self) -> None:
        self._numbers.learned.connect(self._show_head)
        self._window.failed.connect(self.failed)
        self._window.replaced.connect(self.mark_read)
        self._window.arrived.connect(self.mark_read)
        self.timeline.at_end_changed.connect(self.mark_read)
        self.timeline.acted.connect(self.act)
        self.compose.sent.connect(self._sent)
        self.compose.recipient_wanted.connect(lambda: self.recipient.focus())
        self.compose.undone.connect(self._undone)
        self.compose.failed.connect(self.failed)
        self.compose.sheet_shown.connect(self._fit_card)
        self.compose.options_button.toggled.connect(self._fit_card)
        self.do_not_contact.failed.connect(self.failed)
        self.drafts.failed.connect(self.failed)
        self._appearance.changed.connect(self._fit_heads)

    def _lay_out(self) -> None:
        self._head_host = QWidget()
        self._heads = QStackedLayout(self._head_host)
        self._heads.addWidget(self._head)
        head = QHBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.addWidget(self._head_host)
        middle = QWidget()
        self._middle = QStackedLayout(middle)
        self._middle.addWidget(self.timeline)
        # What stands above and below takes what it needs; the messages take the rest.
        middle.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        middle.setMinimumHeight(_LOWEST)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addSpacing(1)  # the hairline
        layout.addWidget(middle, 1)
        self._strip_place = QVBoxLayout()
        self._strip_place.setContentsMargins(MARGIN, 0, MARGIN, 6)
        self._strip_place.addWidget(self.do_not_contact)
        layout.addLayout(self._strip_place)
        layout.addWidget(self.compose)
        self.compose.hide()
        self._fit_heads()

    def show_card(self, shown: bool) -> None:
        """Show or hide the card of the first start; it makes room for forms and options."""
        self._card_wanted = shown
        if shown and self._card is None:
            from sms_desktop.ui.first_start import CardPlace, FirstStartCard

            card = FirstStartCard(appearance=self._appearance)
            card.closed.connect(self.card_closed)
            card.account_asked.connect(self.account_asked)
            self._card = CardPlace(card)
            self._column.insertWidget(_CARD_AT, self._card)
        self._fit_card()

    @Slot()
    def _fit_card(self) -> None:
        if self._card is not None:
            compose = self.compose
            is_low = compose.sheet is compose.text_sheet and not compose.options_button.isChecked()
            self._card.setVisible(self._card_wanted and is_low)

    @Slot()
    def _fit_heads(self) -> None:
        self._head_host.setFixedHeight(self._head.sizeHint().height())
        self.update()

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline under the head."""
        painter = QPainter(self)
        theme = self._appearance.theme
        painter.fillRect(self.rect(), theme.base)
        painter.fillRect(0, self._head_host.geometry().bottom() + 1, self.width(), 1, theme.line)

    def refocus(self) -> None:
        """Put the caret where the person writes next."""
        if self._party == "":
            self.recipient.focus()
        elif self._party is not None:
            self.compose.focus()


def _was_taken(row: MessageRow) -> bool:
    return not row.inbound and any(part.gateway_id for part in row.parts)
