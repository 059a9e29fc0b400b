"""What a person does with a message: check it, send it once, send it again, take it back, keep its draft.

Called by ui and cli. Pressing Send is one transaction; what happens on the network is delivery's matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.drafts import Draft, pane_of
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding
from sms_desktop.messages.ids import ComposeId, ConversationId, MessageId, ProfileId, new_id
from sms_desktop.messages.message import Message
from sms_desktop.messages.options import TTL_DEFAULT, Options
from sms_desktop.messages.states import WAITING, State
from sms_desktop.messages.wire import Route
from sms_desktop.services import text_safety
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.contents import body_of, kept, parts_of, requests_of, restored
from sms_desktop.services.deeds import Actor
from sms_desktop.services.drafting import draft_of
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import attempts, conversations, drafts, messages, opt_outs, waiting
from sms_desktop.store.database import Store, Writing

LONGEST_WAIT_MS = 3_600_000
"""A message that could not be sent is tried again for its ttl, at most one hour; then the person decides."""
LONGEST_UNDO_MS = 30_000
"""The longest time for which a message may be held back so that Send can be undone."""


@dataclass(frozen=True, slots=True)
class Compose:
    """What a person wants to send. `compose_id` stands for one press of Send.

    `accept_loss` is the person's word that characters outside GSM-7 may arrive as `?`. `draft_of` is the
    party whose draft in this kind's pane ends with this message ("" for a message to nobody yet); None stands
    for the recipient. `route` is how a WAP Push, vCard or vCal goes, None for the provider's usual way.
    `undo_ms` is for how long the message is held back so that Send can be undone, at most LONGEST_UNDO_MS.
    """

    compose_id: ComposeId
    profile: Profile
    to: str
    sender: str
    content: Message
    options: Options = field(default_factory=Options)
    accept_loss: bool = False
    draft_of: str | None = None
    route: Route | None = None
    undo_ms: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A message that may be sent: addresses in the API's form, and how many parts and requests it takes."""

    to: str
    sender: str
    parts: int
    requests: int = 1


def usual_route(profile: Profile) -> Route:
    """How a WAP Push, vCard or vCal of this profile goes where nobody chose: what its provider takes."""
    from sms_desktop.gateway.providers import rules  # not before the first paint

    return rules(profile.provider).route


def check(compose: Compose) -> tuple[Finding, ...]:
    """Everything to know about a message before it is sent; an error stops it.

    Pure, and linear in the message.
    """
    from sms_desktop.gateway.lint import lint  # not before the first paint

    profile = compose.profile
    found = lint(
        compose.content,
        compose.options,
        compose.sender,
        compose.to,
        profile.provider,
        route=compose.route,
        accept_loss=compose.accept_loss,
        hears_receipts=profile.hears_receipts,
        api_key=profile.api_key or None,
    )
    return (*found, *text_safety.findings(compose.content))


def checked(compose: Compose) -> Checked:
    """A message that may be sent. Raises Mendable with the first error that `check` finds."""
    for finding in check(compose):
        if finding.is_error:
            raise Mendable(finding.sentence, field=finding.field or None)
    requests = len(requests_of(compose.content, compose.route, compose.profile.provider))
    return Checked(
        recipient(compose.to),
        sender(compose.sender).value,
        parts_of(compose.content, requests),
        requests,
    )


class Outbox:
    """The messages of all profiles that go out. Every method touches the disk."""

    def __init__(self, store: Store, *, clock: Clock = now_us, actor: Actor | None = None) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor or Actor()

    def send(self, compose: Compose) -> MessageId:
        """Take a message for sending: it is kept before this returns, and its draft is gone.

        The same `compose_id` again is the same message. Raises Mendable if an error stops it, or if the
        number is not to be contacted.
        """
        ready = checked(compose)
        with self._store.write() as writing:
            known = messages.by_compose_id(writing.db, compose.compose_id)
            if known is not None:
                return known
            message = self._insert(writing, compose, ready)
            party = ready.to if compose.draft_of is None else compose.draft_of
            drafts.remove(writing.db, compose.profile.id, party, compose.content.kind)
            self._actor.note(writing, self._clock(), "send", message)
            return message

    def _insert(self, writing: Writing, compose: Compose, ready: Checked) -> MessageId:
        refuse_opted_out(opt_outs.find(writing.db, ready.to))
        now = self._clock()
        message = MessageId(new_id())
        profile = compose.profile.id
        conversation = conversations.ensure(writing.db, profile, ready.to)
        held_us = min(max(compose.undo_ms, 0), LONGEST_UNDO_MS) * 1_000
        seq = messages.insert_outbound(
            writing.db,
            message,
            conversation=conversation,
            profile=profile,
            kind=compose.content.kind,
            text=body_of(compose.content),
            own=ready.sender,
            options=compose.options,
            compose=compose.compose_id,
            parts_total=ready.parts,
            now_us=now,
            deadline_us=now + held_us + _patience_us(compose.options),
            content=kept(compose.content, compose.route or usual_route(compose.profile)),
            requests=ready.requests,
            not_before_us=now + held_us if held_us else None,
        )
        conversations.touch(writing.db, [conversations.News(conversation, seq, now, unread=0)])
        writing.changed(conversation, message)
        return message

    def resend(self, message: MessageId, *, compose_id: ComposeId, profile: Profile) -> MessageId:
        """Send the content of `message` once more, as a new message; the old one keeps its record.

        A message that was given up before anything was sent is not copied: it waits again, with a new
        deadline. The same `compose_id` again is the same message. Drafts stay. Raises Mendable if the message
        is not there, still waits by itself, or goes to a number that is not to be contacted.
        """
        now = self._clock()
        with self._store.write() as writing:
            known = messages.by_compose_id(writing.db, compose_id)
            if known is not None:
                return known
            found = messages.by_ids(writing.db, [message])
            if not found or found[0].inbound or found[0].profile != profile.id:
                raise Mendable("There is no sent message with this id.")
            old = found[0]
            self._actor.note(writing, now, "resend", message)
            if old.state in WAITING:
                if old.next_try_us is not None or old.state is State.SENDING:
                    raise Mendable("This message still waits to be sent, and goes out by itself.")
                refuse_opted_out(opt_outs.find(writing.db, old.party))
                waiting.revive(writing.db, message, now_us=now, deadline_us=now + _patience_us(old.options))
                writing.changed(old.conversation, message)
                return message
            message_again, route = restored(old.kind, old.text, old.content)
            again = Compose(
                compose_id,
                profile,
                old.party,
                old.own,
                message_again,
                # A reference of its own: receipts must tell the two apart.
                replace(old.options, client_ref=None),
                accept_loss=True,  # the person chose when it was sent first
                route=route,
            )
            new = self._insert(writing, again, checked(again))
            messages.note_resent(writing.db, message, new)
            writing.changed(old.conversation, message)
            return new

    def arrived(self, message: MessageId) -> None:
        """Keep the person's word that an uncertain message arrived. What of it was held back then goes on.

        Receipts that come later are believed more. Raises Mendable if nothing of the message is uncertain.
        """
        now = self._clock()
        with self._store.write() as writing:
            if not attempts.vouch(writing.db, message, now_us=now):
                raise Mendable("Nothing about this message is uncertain.")
            conversation = attempts.project(writing.db, message)
            found = messages.by_ids(writing.db, [message])[0]
            if found.state is State.QUEUED:  # parts of it were held back by the doubt
                waiting.revive(writing.db, message, now_us=now, deadline_us=now + _patience_us(found.options))
            self._actor.note(writing, now, "arrived", message)
            writing.changed(conversation, message)

    def cancel(self, message: MessageId) -> bool:
        """Take back a message that waits; False if it is on its way or settled."""
        with self._store.write() as writing:
            return self._cancel(writing, message, "cancel")

    def undo(self, message: MessageId) -> bool:
        """Take back a message whose undo window is open, and put it back as the draft, options and all.

        A draft that was begun meanwhile stays. False if the window has closed.
        """
        with self._store.write() as writing:
            found = messages.by_ids(writing.db, [message])
            if not found or found[0].not_before_us is None or found[0].not_before_us <= self._clock():
                return False
            row = found[0]
            if not self._cancel(writing, message, "undo"):
                return False
            pane = pane_of(row.kind)
            if not any(
                pane_of(each.kind) is pane for each in drafts.every(writing.db, row.profile, row.party)
            ):
                draft = draft_of_row(row)
                drafts.save(writing.db, row.profile, row.party, draft, now_us=self._clock())
            return True

    def _cancel(self, writing: Writing, message: MessageId, action: str) -> bool:
        if not waiting.cancel(writing.db, message):
            return False
        writing.changed(attempts.project(writing.db, message), message)
        self._actor.note(writing, self._clock(), action, message)
        return True

    def pause(self, profile: ProfileId) -> None:
        """Stop a profile's queue: what waits stays until `resume`. What is on its way goes on."""
        with self._store.write() as writing:
            if waiting.pause(writing.db, profile, now_us=self._clock()):
                self._actor.note(writing, self._clock(), "pause", profile)
                writing.queue_changed()

    def resume(self, profile: ProfileId) -> None:
        """Let a profile's queue go on."""
        with self._store.write() as writing:
            if waiting.resume(writing.db, profile):
                self._actor.note(writing, self._clock(), "resume", profile)
                writing.queue_changed()

    def paused(self, profile: ProfileId) -> bool:
        """Whether a person has stopped a profile's queue."""
        with self._store.read() as db:
            return waiting.paused_since(db, profile) is not None

    def mark_read(self, conversation: ConversationId) -> None:
        """The person has seen a conversation."""
        with self._store.write() as writing:
            if conversations.mark_read(writing.db, conversation):
                writing.changed(conversation)

    def save_draft(self, profile: ProfileId, party: str, draft: Draft) -> None:
        """Keep what was typed to `party` (an MSISDN, or "" for nobody yet); an empty draft removes it."""
        with self._store.write() as writing:
            drafts.save(writing.db, profile, party, draft, now_us=self._clock())
            conversation = conversations.find(writing.db, profile, party)
            if conversation is not None:
                writing.changed(conversation)

    def queued(self, profile: ProfileId) -> int:
        """How many messages of a profile wait to be sent."""
        with self._store.read() as db:
            return waiting.count(db, profile)

    def waiting(self, profile: ProfileId, *, limit: int) -> tuple[messages.MessageRow, ...]:
        """The messages of a profile that wait to be sent, in the order in which they were written."""
        with self._store.read() as db:
            return messages.by_ids(db, waiting.listed(db, profile, limit=limit))

    def retry_now(self, profile: ProfileId) -> None:
        """Let every message that waits for its next try be tried at once."""
        with self._store.write() as writing:
            for conversation, message in waiting.hasten(writing.db, profile, now_us=self._clock()):
                writing.changed(conversation, message)


def draft_of_row(row: messages.MessageRow) -> Draft:
    """The draft that means what a message of ours holds, as Edit and Undo bring it back."""
    message, route = restored(row.kind, row.text, row.content)
    return draft_of(message, row.options, route=route, sender=row.own)


def refuse_opted_out(entry: opt_outs.OptOut | None) -> None:
    """Raise Mendable if a number is not to be contacted."""
    if entry is not None:
        hint = "Take the number off the list first, if you may (smsctl opt-outs remove)."
        raise Mendable(opted_out_words(entry), field="to", hint=hint)


def opted_out_words(entry: opt_outs.OptOut) -> str:
    """The sentence that says why a message does not go out. It names no number, so that it can be kept."""
    day = datetime.fromtimestamp(entry.at_us / 1e6, UTC).date().isoformat()
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"To: this number is on the list of those not to contact since {day}{reason}. Nothing was sent."


def _patience_us(options: Options) -> int:
    return min(options.ttl or TTL_DEFAULT, LONGEST_WAIT_MS) * 1_000
