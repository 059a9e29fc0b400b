"""The exact request of what is typed, as a command to run elsewhere, secrets replaced. Called by ui."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sms_desktop.gateway.commands import CommandFormat, command
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.ids import ComposeId, ProfileId
from sms_desktop.services import delivery
from sms_desktop.services.drafting import read
from sms_desktop.services.outbox import Compose, checked
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import KeyringUnavailable, SecretName

STYLES: Mapping[str, str] = MappingProxyType(
    {CommandFormat.CURL: "curl", CommandFormat.HTTPIE: "HTTPie", CommandFormat.PYTHON: "Python"}
)
"""What a request can be shown as, with its name."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What stands in the window: the draft, to whom, from whom, and for which account."""

    draft: Draft
    profile: Profile
    to: str
    sender: str
    accept_loss: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """The commands of a message, one for each request; `parts` is how many parts all of them make."""

    commands: tuple[str, ...]
    parts: int


def preview(sketch: Sketch, style: str, *, client_ref: str) -> Preview:
    """The requests that Send would make now. No secret is read: where one belongs stands `***`.

    `client_ref` stands for the reference that each attempt draws. Raises Mendable with the reason why there
    is no request: the first thing that would stop Send.
    """
    written = read(sketch.draft)
    if written.problems:
        raise Mendable(written.problems[0].sentence, field=written.problems[0].field)
    compose = Compose(
        ComposeId(client_ref),
        sketch.profile,
        sketch.to,
        sketch.sender,
        written.message,
        written.options,
        accept_loss=sketch.accept_loss,
        route=written.route,
    )
    ready = checked(compose)
    options = replace(compose.options, client_ref=compose.options.client_ref or client_ref)
    compose = replace(compose, to=ready.to, sender=ready.sender, options=options)
    requests = delivery.rehearse(compose, _Untold())
    return Preview(tuple(command(request, CommandFormat(style)) for request in requests), ready.parts)


class _Untold:
    """Keeps every secret to itself: whether one is kept is not asked, it is taken as kept."""

    def get(self, profile: ProfileId, name: SecretName) -> str | None:
        """Nothing."""
        raise KeyringUnavailable("Secrets are not read for a preview.")
