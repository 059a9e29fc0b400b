"""Makes the sheets that are not there from the beginning: ahead of their first use, or at it.

Used by the compose pane. What a sheet needs is imported with it: each takes some milliseconds.
"""

from __future__ import annotations

from sms_desktop.messages.kinds import Kind
from sms_desktop.services.outbox import usual_route
from sms_desktop.settings.profiles import Profile
from sms_desktop.ui.appearance import Appearance
from sms_desktop.ui.compose.sheet import Sheet
from sms_desktop.ui.reading import Reading, TaskRunner


def make_sheet(
    kind: Kind, *, profile: Profile, reading: Reading, tasks: TaskRunner, appearance: Appearance
) -> Sheet:
    """The sheet of a kind that is no text, for messages of `profile`."""
    usual = usual_route(profile)
    match kind:
        case Kind.BINARY:
            from sms_desktop.ui.compose.binary_sheet import BinarySheet

            return BinarySheet(appearance=appearance, tasks=tasks)
        case Kind.WAPPUSH:
            from sms_desktop.ui.compose.wappush_sheet import WapPushSheet

            return WapPushSheet(usual=usual, appearance=appearance)
        case Kind.VCARD:
            from sms_desktop.ui.compose.vcard_sheet import VCardSheet

            return VCardSheet(usual=usual, tasks=tasks, contacts=reading.contacts, appearance=appearance)
        case Kind.VCAL:
            from sms_desktop.ui.compose.vcal_sheet import VCalSheet

            return VCalSheet(usual=usual, tasks=tasks, appearance=appearance)
        case Kind.TEXT | Kind.UNICODE:
            raise ValueError(f"{kind} has the sheet that is there from the beginning")
