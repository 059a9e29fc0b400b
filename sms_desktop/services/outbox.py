"""What a person does with a message: check it, send it once, send it again, take it back, keep its draft.

Called by ui and cli. Pressing Send is one transaction; what happens on the network is delivery's matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sms_desktop.encoding.segments import Encoding, segment, with_line_feeds
from sms_desktop.messages.addresses import recipient, sender
from sms_desktop.messages.errors import Mendable, OurFault
from sms_desktop.messages.findings import Finding, Severity
from sms_desktop.messages.ids import ComposeId, ConversationId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Content, Kind, Text, Unicode
from sms_desktop.messages.options import TTL_DEFAULT, Options
from sms_desktop.messages.states import WAITING, State
from sms_desktop.services.clock import Clock, now_us
from sms_desktop.settings.profiles import Profile
from sms_desktop.store import attempts, conversations, drafts, messages, waiting
from sms_desktop.store.database import Store, Writing

LONGEST_WAIT_MS = 3_600_000
"""A message that could not be sent is tried again for its ttl, at most one hour; then the person decides."""
LONGEST_TEXT = 3_200
"""Characters of `text` (SMS API 1.5.0)."""
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Compose:
    """What a person wants to send, as typed. `compose_id` stands for one press of Send.

    `accept_loss` is the person's word that characters outside GSM-7 may arrive as `?`. `draft_of` is the
    party whose drafts end with this message ("" for those of a message to nobody yet); None stands for the
    recipient.
    """

    compose_id: ComposeId
    profile: Profile
    to: str
    sender: str
    content: Content
    options: Options = field(default_factory=Options)
    accept_loss: bool = False
    draft_of: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A message that may be sent: addresses in the API's form, and the number of parts it takes."""

    to: str
    sender: str
    parts: int


def check(compose: Compose) -> tuple[Finding, ...]:
    """Everything to know about a message before it is sent; an error stops it.

    Pure, and linear in the text.
    """
    findings = []
    for examine in (_check_to, _check_sender, _check_options, _check_text):
        try:
            findings += examine(compose)
        except Mendable as error:
            findings.append(Finding(error.field or "", Severity.ERROR, error.message, "SMS API 1.5.0"))
    return tuple(findings)


def checked(compose: Compose) -> Checked:
    """A message that may be sent. Raises Mendable with the first error that `check` finds."""
    for finding in check(compose):
        if finding.severity is Severity.ERROR:
            raise Mendable(finding.sentence, field=finding.field or None)
    return Checked(
        recipient(compose.to),
        sender(compose.sender).value,
        segment(compose.content.text, encoding=_encoding(compose.content)).segment_count,
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
            text=with_line_feeds(compose.content.text),  # what is counted is what is sent
            own=ready.sender,
            options=compose.options,
            compose=compose.compose_id,
            parts_total=ready.parts,
            now_us=now,
            deadline_us=now + _patience_us(compose.options),
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
            again = Compose(
                compose_id,
                profile,
                old.party,
                old.own,
                content_of(old.kind, old.text),
                # A reference of its own: receipts must tell the two apart.
                replace(old.options, client_ref=None),
                accept_loss=True,  # the person chose when it was sent first
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


def content_of(kind: Kind, text: str) -> Content:
    """The content that was kept as a kind and its text."""
    match kind:
        case Kind.TEXT:
            return Text(text)
        case Kind.UNICODE:
            return Unicode(text)
        case _:
            raise OurFault(f"A message of the kind {kind} was kept to be sent, and only texts can be.")


def _encoding(content: Content) -> Encoding:
    match content:
        case Text():
            return "gsm7"
        case Unicode():
            return "ucs2"


def _check_to(compose: Compose) -> list[Finding]:
    recipient(compose.to)
    return []


def _check_sender(compose: Compose) -> list[Finding]:
    if sender(compose.sender).spaces_dropped:
        return [
            Finding(
                "from",
                Severity.WARNING,
                "From: the gateway drops the spaces of a word sender.",
                "SMS API 1.5.0, from",
            )
        ]
    return []


def _check_options(compose: Compose) -> list[Finding]:
    compose.options.check()
    return []


def _check_text(compose: Compose) -> list[Finding]:
    text = compose.content.text
    if not text:
        raise Mendable("Text: nothing is written yet.", field="text")
    broken = _SURROGATE.search(text)
    if broken is not None:
        raise Mendable(
            f"Text: character {broken.start() + 1} is half of a pair (U+{ord(broken[0]):04X}) and can't be "
            "sent. Remove it, or type the character again.",
            field="text",
        )
    if len(text) > LONGEST_TEXT:
        raise Mendable(
            f"Text: {len(text):,} characters. The gateway takes at most {LONGEST_TEXT:,} in one message.",
            field="text",
        )
    segmentation = segment(text, encoding=_encoding(compose.content))
    if isinstance(compose.content, Text) and segmentation.unsupported and not compose.accept_loss:
        first = segmentation.unsupported[0]
        shown = (
            f"{first.character} ({first.code_point})" if first.character.isprintable() else first.code_point
        )
        raise Mendable(
            f"Text: {shown} is not in GSM-7 and would arrive as ?. Send as Unicode, or replace it.",
            field="text",
        )
    return []
