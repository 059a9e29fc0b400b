"""The sandbox in one place: what control changes, a reset forgets and memory keeps. Made by app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from sms_desktop.gateway.sandbox_control import AccountChanges, ReplyCommand, SandboxState
from sms_desktop.messages.errors import Mendable
from sms_desktop.servers.sandbox.account import Account, Number
from sms_desktop.servers.sandbox.carrier import Carrier, Taken
from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.courier import Courier
from sms_desktop.servers.sandbox.memory import Memory
from sms_desktop.servers.sandbox.script import Scenario, Script
from sms_desktop.servers.sandbox.throttle import Throttle
from sms_desktop.servers.sandbox.trace import Trace


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that can be looked at and changed while the sandbox runs."""

    account: Account
    clock: Clock
    script: Script
    courier: Courier
    carrier: Carrier
    trace: Trace
    throttle: Throttle
    memory: Memory | None
    speed: float

    def state(self) -> SandboxState:
        """How it stands."""
        scenario = self.script.scenario
        return SandboxState(
            api_key=self.account.api_key,
            balance=str(self.account.balance),
            standing=self.account.standing,
            rate=self.account.rate,
            speed=self.clock.speed,
            clock="manual" if self.clock.by_hand else "real",
            scenario=scenario.name if scenario else None,
            waiting=len(self.courier),
            taken=self.script.taken,
        )

    def changed(self) -> None:
        """Something that is kept has changed."""
        if self.memory is not None:
            self.memory.touch()

    def reset(self) -> None:
        """Forget everything but key, secrets and the addresses that it was started with."""
        self.account.readdress()
        self.play(None)

    def play(self, scenario: Scenario | None) -> None:
        """Begin a scenario, everything else set back."""
        self.courier.forget()
        self.carrier.taken.clear()
        self.carrier.opt_outs.pairs.clear()
        self.trace.clear()
        self.throttle.forget()
        self.account.renew()
        self.script.play(scenario)
        if scenario is not None and scenario.clock == "manual":
            self.clock.stop()
        else:
            self.clock.set_speed((scenario.speed if scenario else None) or self.speed)
        if scenario is not None and scenario.account is not None:
            self.change(scenario.account)
        self.courier.hurry()
        self.changed()

    def change(self, changes: AccountChanges) -> None:
        """Change the account."""
        for name in AccountChanges.__struct_fields__:
            value = getattr(changes, name)
            if value is not UNSET:
                setattr(self.account, name, Decimal(value) if name == "balance" else value)
        self.changed()

    def write(self, command: ReplyCommand) -> list[str]:
        """Let a phone write. Raises Mendable."""
        own = command.own or self.carrier.last_writer(command.phone)
        ids = self.carrier.write(
            command.reply,
            phone=command.phone,
            own=own,
            chance=self.script.any_chance(),
            number=self.script.taken,
        )
        self.changed()
        return ids

    async def advance(self, seconds: float) -> None:
        """Move a clock that goes by hand. Raises Mendable for one that goes by itself."""
        if not self.clock.by_hand:
            raise Mendable('The clock goes by itself. A scenario with clock = "manual" stops it.')
        await self.courier.advance(seconds)

    def document(self) -> dict[str, Any]:
        """What memory keeps besides webhooks."""
        keep = self.memory.portable if self.memory else (lambda _: None)
        account = self.account
        return {
            "balance": str(account.balance),
            "auto_reload": account.auto_reload,
            "standing": account.standing,
            "taken": self.script.taken,
            "numbers": {
                number.msisdn: kept
                for number in account.numbers.values()
                if number.webhook and (kept := keep(number.webhook))
            },
            "registered": {phone: kept for phone, url in account.registered.items() if (kept := keep(url))},
            "stopped": list(self.carrier.opt_outs.pairs),
            "parts": {
                message_id: [
                    taken.number,
                    taken.phone,
                    taken.sender,
                    taken.text,
                    keep(taken.callback or ""),
                    taken.client_ref,
                ]
                for message_id, taken in self.carrier.taken.items()
            },
        }

    def recall(self, document: Mapping[str, Any]) -> None:
        """Take up what memory kept; what can't be read of it is left out."""
        if self.memory is None or not document:
            return
        try:
            kept = msgspec.convert(document, type=_Kept)
        except msgspec.ValidationError:
            return
        account, reachable = self.account, self.memory.reachable
        account.balance, account.auto_reload = Decimal(kept.balance), kept.auto_reload
        if kept.standing in ("good", "suspended", "smpp_only", "demo"):
            self.change(msgspec.convert({"standing": kept.standing}, type=AccountChanges))
        self.script.taken = kept.taken
        for msisdn, url in kept.numbers.items():
            number = account.numbers.setdefault(msisdn, Number("NL", msisdn))
            number.webhook = reachable(url) or ""
        for phone, url in kept.registered.items():
            account.registered[phone] = reachable(url) or ""
        for pair in kept.stopped:
            self.carrier.opt_outs.pairs[pair] = None
        for message_id, (number_, phone, sender, text, callback, client_ref) in kept.parts.items():
            self.carrier.taken[message_id] = Taken(
                number_, phone, sender, text, reachable(callback) if callback else None, client_ref
            )


class _Kept(msgspec.Struct, frozen=True):
    balance: str
    auto_reload: bool
    standing: str
    taken: int
    numbers: dict[str, str]
    registered: dict[str, str]
    stopped: list[tuple[str, str]]
    parts: dict[str, tuple[int, str, str, str, str | None, str | None]]
