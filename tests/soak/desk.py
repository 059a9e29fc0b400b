"""A desk that is killed: sends, keeps a draft and polls, and says on standard output what is surely kept.

Run by kills as `python -m tests.soak.desk`, with its settings as a line of JSON on standard input.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from sms_desktop.background.profile_worker import ProfileWorker
from sms_desktop.background.status import ProfileStatus, RelayCondition
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ComposeId, ProfileId
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import MemorySecrets, SecretName
from sms_desktop.store.database import Store

PARTIES = ("31600000001", "31600000004", "31612345678", "31687654321", "31600000002")
"""An echo, a gateway that loses its answers, two handsets that receive, one that is switched off."""
DRAFT_PARTY = "31699999999"
_QUIET_SECONDS = 2.0
_LONGEST_SECONDS = 60.0
_SECONDS_A_MESSAGE = 0.2
_MOST_WAITING = 30
"""On a slow computer more is pressed than sent: it is to be killed while it sends, not with a long queue."""


def profile_of(settings: dict[str, Any]) -> Profile:
    """The account that the settings name."""
    return Profile(
        ProfileId("soak"),
        "Soak",
        Provider.SANDBOX,
        settings["api_key"],
        "Helpdesk",
        gateway_url=settings["gateway_url"],
        relay_url=settings["relay_url"],
    )


def main() -> None:
    """Send until killed; with `drain`, only finish what waits, and end."""
    settings = json.loads(sys.stdin.readline())
    folder = Path(settings["folder"])
    profile = profile_of(settings)
    secrets = MemorySecrets()
    for name in (SecretName.API_SECRET, SecretName.RELAY_TOKEN, SecretName.INGEST_TOKEN):
        secrets.set(profile.id, name, settings[name])
    store = Store(folder / "store.db")
    latest: list[ProfileStatus] = [ProfileStatus(profile.id)]
    worker = ProfileWorker(
        profile=profile,
        store=store,
        secrets=secrets,
        folder=folder / "profile",
        publish=lambda status: latest.__setitem__(0, status),
    )
    worker.start()
    outbox = Outbox(store)
    if settings["drain"]:
        _drain(latest, outbox, profile)
        worker.stop(5.0)
        store.close()
        return
    chance = random.Random(settings["seed"])
    for number in itertools.count(int(settings["first"])):
        press(outbox, profile, number, chance.choice(PARTIES))
        _say("pressed", number)
        outbox.save_draft(profile.id, DRAFT_PARTY, Draft(Kind.TEXT, f"draft {number}"))
        _say("draft", number)
        time.sleep(chance.uniform(0.0, 0.03))
        while outbox.queued(profile.id) > _MOST_WAITING:
            time.sleep(0.02)


def press(outbox: Outbox, profile: Profile, number: int, party: str) -> None:
    """Press Send twice for the same message: it is one."""
    text = Text(f"echo {number}" if party.endswith("1") else f"message {number}")
    compose = Compose(
        ComposeId(f"press{number}"),
        profile,
        party,
        "Helpdesk",
        text,
        Options(client_ref=f"ref{number}"),
        draft_of="",
    )
    outbox.send(compose)
    outbox.send(compose)


def _drain(latest: list[ProfileStatus], outbox: Outbox, profile: Profile) -> None:
    """Wait until nothing waits to be sent, and nothing has come in for a while."""
    longest = _LONGEST_SECONDS + _SECONDS_A_MESSAGE * outbox.queued(profile.id)
    deadline = time.monotonic() + longest
    outbox.retry_now(profile.id)
    quiet_since, seen = time.monotonic(), latest[0].last_event_us
    while time.monotonic() < deadline:
        status = latest[0]
        busy = status.relay is not RelayCondition.CONNECTED or status.behind or outbox.queued(profile.id)
        if busy or status.last_event_us != seen:
            quiet_since, seen = time.monotonic(), status.last_event_us
        elif time.monotonic() - quiet_since > _QUIET_SECONDS:
            return
        time.sleep(0.05)
    raise SystemExit(f"not drained: {latest[0]}")


def _say(what: str, number: int) -> None:
    sys.stdout.write(f"{what} {number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
