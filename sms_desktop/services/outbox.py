"""What a person does with a message: check it, send it once, send it again, take it back, keep its draft.

Called by ui and cli. Pressing Send is one transaction; what happens on the network is delivery's matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sms_desktop.gateway import lint_content
from sms_desktop.gateway.lint import lint
from sms_desktop.gateway.providers import rules
from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.findings import Finding, Severity
from sms_desktop.messages.ids import ComposeId, ConversationId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind, Message
from sms_desktop.messages.options import TTL_DEFAULT, Options
from sms_desktop.messages.states import WAITING, State
from sms_desktop.messages.wire import Route
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.services.contents import body_of, kept, parts_of, requests_of, restored
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import attempts, conversations, drafts, messages, waiting
from sms_desktop.store.database import Store, Writing

LONGEST_WAIT_MS = 3_600_000
"""A message that could not be sent is tried again for its ttl, at most one hour; then the person decides."""
LONGEST_TEXT = lint_content.LONGEST_TEXT
"""Characters of `text`."""


@dataclass(frozen=True, slots=True)
class Compose:
    """What a person wants to send, as typed. `compose_id` stands for one press of Send.

    `accept_loss` is the person's word that characters outside GSM-7 may arrive as `?`. `draft_of` is the
    party whose drafts end with this message ("" for those of a message to nobody yet); None stands for the
    recipient. `route` is how a WAP Push, vCard or vCal goes, None for the provider's usual way.
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


@dataclass(frozen=True, slots=True)
class Checked:
    """A message that may be sent: addresses in the API's form, and how many parts and requests it takes."""

    to: str
    sender: str
    parts: int
    requests: int = 1


def check(compose: Compose) -> tuple[Finding, ...]:
    """Everything to know about a message before it is sent; an error stops it.

    Pure, and linear in the message.
    """
    profile = compose.profile
    return lint(
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


def checked(compose: Compose) -> Checked:
    """A message that may be sent. Raises Mendable with the first error that `check` finds."""
    for finding in check(compose):
        if finding.severity is Severity.ERROR:
            raise Mendable(finding.sentence, field=finding.field or None)
    requests = len(requests_of(compose.content, compose.route, compose.profile.provider))
    return Checked(
        recipient(compose.to),
        sender(compose.sender).value,
        parts_of(compose.content, requests),
        requests,
    )


class Outbox:
    """The messages of all profiles that go out. Every method but `check` touches the disk."""

    def __init__(self, store: Store, *, clock: Clock = now_us) -> None:
        self._store = store
        self._clock = clock

    def send(self, compose: Compose) -> MessageId:
        """Take a message for sending: it is kept before this returns, and its draft is gone.

        The same `compose_id` again is the same message. Raises Mendable if an error stops it.
        """
        ready = checked(compose)
        with self._store.write() as writing:
            known = messages.by_compose_id(writing.db, compose.compose_id)
            if known is not None:
                return known
            drafts.remove(
                writing.db, compose.profile.id, ready.to if compose.draft_of is None else compose.draft_of
            )
            return self._insert(writing, compose, ready)

    def _insert(self, writing: Writing, compose: Compose, ready: Checked) -> MessageId:
        now = self._clock()
        message = MessageId(new_id())
        profile = compose.profile.id
        conversation = conversations.ensure(writing.db, profile, ready.to)
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
            deadline_us=now + _patience_us(compose.options),
            content=kept(compose.content, compose.route or rules(compose.profile.provider).route),
            requests=ready.requests,
        )
        conversations.touch(writing.db, conversation, seq=seq, at_us=now, unread=0)
        writing.changed(conversation, message)
        return message

    def resend(self, message: MessageId, *, compose_id: ComposeId, profile: Profile) -> MessageId:
        """Send the content of `message` once more, as a new message; the old one keeps its record.

        A message that was given up before anything was sent is not copied: it waits again, with a new
        deadline. The same `compose_id` again is the same message. Drafts stay. Raises Mendable if the message
        is not there, or still waits by itself.
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
            if old.state in WAITING:
                if old.next_try_us is not None or old.state is State.SENDING:
                    raise Mendable("This message still waits to be sent, and goes out by itself.")
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
            return self._insert(writing, again, checked(again))

    def cancel(self, message: MessageId) -> bool:
        """Take back a message that waits; False if it is on its way or settled."""
        with self._store.write() as writing:
            if not waiting.cancel(writing.db, message):
                return False
            writing.changed(attempts.project(writing.db, message), message)
            return True

    def mark_read(self, conversation: ConversationId) -> None:
        """The person has seen a conversation."""
        with self._store.write() as writing:
            if conversations.mark_read(writing.db, conversation):
                writing.changed(conversation)

    def save_draft(self, profile: ProfileId, party: str, kind: Kind, text: str) -> None:
        """Keep what was typed to `party` (an MSISDN, or "" for nobody yet); an empty text removes it."""
        with self._store.write() as writing:
            drafts.save(writing.db, profile, party, kind, text, now_us=self._clock())
            conversation = conversations.find(writing.db, profile, party)
            if conversation is not None:
                writing.changed(conversation)

    def queued(self, profile: ProfileId) -> int:
        """How many messages of a profile wait to be sent."""
        with self._store.read() as db:
            return waiting.count(db, profile)

    def retry_now(self, profile: ProfileId) -> None:
        """Let every message that waits for its next try be tried at once."""
        with self._store.write() as writing:
            for conversation, message in waiting.hasten(writing.db, profile, now_us=self._clock()):
                writing.changed(conversation, message)


def _patience_us(options: Options) -> int:
    return min(options.ttl or TTL_DEFAULT, LONGEST_WAIT_MS) * 1_000
