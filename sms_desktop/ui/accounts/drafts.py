"""An account as it is being changed: kept in memory until it is saved or given up. Used by the dialog."""

from __future__ import annotations

from dataclasses import dataclass, field

from sms_desktop.messages.ids import ProfileId
from sms_desktop.services import account_fields
from sms_desktop.services.account_book import Kept, free_id
from sms_desktop.settings.profiles import Profile
from sms_desktop.settings.secrets import SecretName


@dataclass(slots=True)
class AccountDraft:
    """What is typed for one account; `saved` is None for a new one, `kept` tells which secrets there are.

    `key` names it in the list as long as the dialog lives.
    """

    key: str
    saved: Profile | None
    values: dict[str, str | bool]
    secrets: dict[SecretName, str] = field(default_factory=dict, repr=False)
    kept: Kept = field(default_factory=Kept)
    asked: bool = False

    @property
    def name(self) -> str:
        """The name as it is typed."""
        return str(self.values["name"]).strip()

    @property
    def is_changed(self) -> bool:
        """True if something would be lost without saving."""
        if self.secrets:
            return True
        if self.saved is not None:
            return self.values != account_fields.values_of(self.saved)
        return self.values != account_fields.blank(str(self.values["colour"]))

    def profile_id(self, taken: tuple[ProfileId, ...]) -> ProfileId:
        """The account's id: for a new one made of its name."""
        return self.saved.id if self.saved is not None else free_id(self.name, taken)

    def revert(self) -> None:
        """Give up what was typed."""
        colour = str(self.values["colour"])
        self.values = (
            account_fields.blank(colour) if self.saved is None else account_fields.values_of(self.saved)
        )
        self.secrets = {}


def of(profile: Profile) -> AccountDraft:
    """A saved account, nothing changed yet."""
    return AccountDraft(profile.id, profile, account_fields.values_of(profile))
