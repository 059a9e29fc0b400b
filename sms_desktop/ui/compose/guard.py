"""What is asked before a message goes out. Pure; used by the compose pane when Send is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from sms_desktop.settings.preferences import Preferences, amount
from sms_desktop.settings.profiles import Profile

if TYPE_CHECKING:
    from decimal import Decimal


def question(
    profile: Profile, parts: int, price: Decimal | None, currency: str, preferences: Preferences
) -> str | None:
    """The sentence to be answered before a message of so many parts goes; None: nothing need be asked.

    `price` is the estimate for all parts, None where it is not known. The sandbox costs nothing: there only
    the number of parts is asked about.
    """
    too_many = 0 < preferences.confirm_parts < parts
    limit = amount(preferences.confirm_price) if preferences.confirm_price else None
    too_dear = not profile.is_sandbox and price is not None and limit is not None and price > limit
    if not (too_many or too_dear):
        return None
    words = QCoreApplication.translate("Guard", "%n part(s)", "", parts)
    if price is not None and not profile.is_sandbox:
        about = QCoreApplication.translate("Guard", "about %1").replace("%1", f"{currency} {price:.2f}")
        words = f"{words}, {about}"
    where = QCoreApplication.translate("Guard", "%1 on %2")
    kind = (
        QCoreApplication.translate("Guard", "Sandbox")
        if profile.is_sandbox
        else QCoreApplication.translate("Guard", "%1 (live)").replace("%1", profile.name)
    )
    return where.replace("%1", words).replace("%2", kind) + "."
