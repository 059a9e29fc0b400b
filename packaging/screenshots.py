#!/usr/bin/env python3
"""Pictures of the window, made by the window: `screenshots.py FOLDER [--readme] [SCENE ...]`.

Run by hand.

The real window is shown with a prepared store, in every theme and at two sizes of pixel, without a display.
With the font pinned, the same code gives the same picture. `--readme` also writes those that README
and AppStream show, as small files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import (
    QEventLoop,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAction, QFont, QFontDatabase, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QListWidget,
    QWidget,
)

from sms_desktop.background.feed import Feed
from sms_desktop.background.status import ProfileStatus, RelayCondition, Trouble
from sms_desktop.background.tasks import Tasks
from sms_desktop.encoding import vcal_form, vcard_form
from sms_desktop.messages.drafts import Draft
from sms_desktop.messages.ids import ComposeId, MessageId, ProfileId, new_id
from sms_desktop.messages.kinds import Kind
from sms_desktop.messages.message import Binary, VCal, VCard, WapPush
from sms_desktop.messages.providers import Provider
from sms_desktop.services import payloads, reassembly, upkeep
from sms_desktop.services.binary_inbound import BinaryPart
from sms_desktop.services.collection import Collection
from sms_desktop.services.contacts import Contacts
from sms_desktop.services.deeds import Actor
from sms_desktop.services.forgetting import Forgetting
from sms_desktop.services.handsets import handsets
from sms_desktop.services.opt_outs import OptOuts
from sms_desktop.services.outbox import Compose, Outbox
from sms_desktop.services.templates import Templates
from sms_desktop.settings.preferences import Preferences
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.store import gaps, receipts
from sms_desktop.store.cursor import Position
from sms_desktop.store.database import Store
from sms_desktop.store.gaps import GapKind
from sms_desktop.store.receipts import NewReceipt
from sms_desktop.ui.appearance import Appearance, ThemeChoice
from sms_desktop.ui.compose.options_drawer import OptionsDrawer
from sms_desktop.ui.delivery import MainThread
from sms_desktop.ui.main_window import MainWindow
from sms_desktop.ui.preferences.dialog import PreferencesDialog
from sms_desktop.ui.records.contact_dialog import ContactDialog
from sms_desktop.ui.records.forget_dialog import ForgetDialog
from sms_desktop.ui.records.store_dialog import StoreDialog
from sms_desktop.ui.window_state import WindowState
from tests.fakes.desk import MINUTE_US, Desk, busy_morning

FONT, POINTS = "Noto Sans", 9.75
PUBLISHED = ROOT / "resources" / "screenshots"
ECHO = "31600000001"
SWITCHED_OFF = "31600000002"
LIVE = replace(
    SANDBOX,
    id=ProfileId("helpdesk"),
    name="Helpdesk NL",
    provider=Provider.VONAGE,
    api_key="abcd1234",
    sender="319701052200",
)
LONG = (
    "Booked: today 14:30, desk 4. Bram needs the receipt and a photo ID. We’ll keep the laptop until 17:30. "
    "Questions? Reply to this message or call 0800 0402. Regards, Helpdesk NL"
)


def main(arguments: list[str]) -> int:
    """Take every picture, each theme and scale in a process of its own: Qt fixes the scale at its start."""
    if arguments[:1] == ["--one"]:
        return _take(Path(arguments[1]), *arguments[2:])
    if not arguments or arguments[0].startswith("-"):
        sys.stderr.write("Usage: packaging/screenshots.py FOLDER [--readme] [SCENE ...]\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    takes = [("light", "1"), ("light", "2"), ("dark", "1"), ("dark", "2"), ("contrast", "1")]
    if "--readme" in arguments:
        takes += [("published-light", "1"), ("published-dark", "1")]
    scenes = [name for name in arguments[1:] if not name.startswith("-")]
    for scheme, scale in takes:
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": scale,
            "LC_ALL": "C.UTF-8",
        }
        subprocess.run(
            [sys.executable, __file__, "--one", str(folder), scheme, scale, *scenes],
            check=True,
            env=environment,
        )
    return 0


def _take(folder: Path, scheme: str, scale: str, *only: str) -> int:
    application = QApplication([])
    if FONT in QFontDatabase.families():
        font = QFont(FONT)
        font.setPointSizeF(POINTS)
        application.setFont(font)
    choice = ThemeChoice.DARK if scheme.endswith("dark") else ThemeChoice.LIGHT
    appearance = Appearance(application, choice=choice)
    appearance.force_contrast(scheme == "contrast")
    published = scheme.startswith("published")
    scenes: tuple[Callable[[_Stage], None], ...] = SCENES
    if published:
        folder = PUBLISHED
        folder.mkdir(parents=True, exist_ok=True)
        scheme = scheme.removeprefix("published-")
        scenes = SHOWN_LIGHT if scheme == "light" else SHOWN_DARK
    suffix = f"-{scheme}" + ("@2x" if scale == "2" else "")
    for scene in scenes:
        if not published and only and scene.__name__ not in only:
            continue
        with tempfile.TemporaryDirectory(prefix="sms-desktop-pictures-") as place:
            name = scene.__name__.replace("_", "-")
            size = (1_200, 860) if published else (1_440, 900)
            file = folder / f"{name}{suffix}.png"
            scene(_Stage(Path(place), file, application, appearance, size=size))
    return 0


class _Stage:
    """A store, a window on it, and a picture at the end."""

    def __init__(
        self,
        place: Path,
        file: Path,
        application: QApplication,
        appearance: Appearance,
        *,
        size: tuple[int, int],
    ) -> None:
        self._size = size
        self.now_us = time.time_ns() // 1_000
        self.store = Store(place / "store.db")
        self._state = place / "window.ini"
        self.file = file
        self._appearance = appearance
        self._deliver = MainThread(application)
        self._tasks = Tasks(self._deliver)

    def desk(self, *, live: bool = False) -> Desk:
        """Who writes into the store."""
        return Desk(self.store, LIVE if live else SANDBOX, self.now_us)

    def show(self, *, live: bool = False, card: bool = False, party: str | None = None) -> MainWindow:
        """Show the window, with the conversation with `party` open."""
        profile = LIVE if live else SANDBOX
        state = WindowState(self._state)
        if not card:
            state.keep_first_start_closed()
        if party is not None:
            state.keep_last_party(profile.id, party)
        window = MainWindow(
            profile=profile,
            store=self.store,
            outbox=lambda: Outbox(self.store),
            tasks=self._tasks,
            handsets=() if live else handsets(),
            try_now=lambda: None,
            window_state=self._state,
            appearance=self._appearance,
        )
        feed = Feed(window.apply_changes, self._deliver)
        self.store.subscribe(feed.take)
        window.resize(*self._size)
        window.apply_status(self.status(live=live))
        window.show()
        window.activateWindow()
        _wait(500)
        return window

    def status(self, *, live: bool = False) -> ProfileStatus:
        """All is well."""
        return ProfileStatus(
            LIVE.id if live else SANDBOX.id, RelayCondition.CONNECTED, last_event_us=self.now_us
        )

    def picture(self, window: MainWindow, *, of: QWidget | None = None) -> None:
        """Take the picture, of the window or of one of its own, and put everything away."""
        _wait(300)
        # Without the channel for transparency, which a window does not use, the file is smaller.
        taken = (of or window).grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        # The 256 colours that are met most: a window has few, so that nothing is seen of it but a small file.
        met = Counter(memoryview(taken.constBits()).cast("I")).most_common(256)
        colours = [colour for colour, _ in met]
        few = taken.convertToFormat(
            QImage.Format.Format_Indexed8, colours, Qt.ImageConversionFlag.ThresholdDither
        )
        few.save(str(self.file))
        window.close()
        self._tasks.stop()
        self.store.close()
        window.deleteLater()
        _wait(50)


def conversation(stage: _Stage) -> None:
    """Delivered, failed, uncertain, a part that has not come.

    A text of three parts with one costly character.
    """
    party = busy_morning(stage.desk())
    window = stage.show(party=party)
    window.page.compose.text_sheet.editor.replace_text(LONG, len(LONG))
    stage.picture(window)


def parts(stage: _Stage) -> None:
    """A message of three parts on its way, one refused in part, a long one, one that waits."""
    desk = stage.desk()
    desk.delivered(ECHO, "Hello from the sandbox", minutes_ago=30)
    desk.receive(ECHO, "You said: Hello from the sandbox", minutes_ago=30)
    text = "One text of three parts, each with its own receipt. " * 7
    message = desk.send(ECHO, text.strip(), minutes_ago=4)
    first, second, _ = desk.answered(message, "0", "0", "0", minutes_ago=4)
    desk.receipt(ECHO, first, "delivered")
    desk.receipt(ECHO, second, "buffered")
    partial = desk.send(
        ECHO, "Another one, of two parts, whose second part the gateway did not take. " * 3, minutes_ago=3
    )
    taken = desk.answered(partial, "0", "9", minutes_ago=3)
    desk.receipt(ECHO, taken[0], "delivered")
    late = desk.send(ECHO, "This one waits for the network.", minutes_ago=1)
    desk.not_sent(late, "No route to the gateway.", again_us=stage.now_us + MINUTE_US, minutes_ago=1)
    desk.send(ECHO, "And this one stands behind it.", minutes_ago=0)
    stage.picture(stage.show(party=ECHO))


def first_start(stage: _Stage) -> None:
    """What a newcomer sees after the first message."""
    desk = stage.desk()
    desk.delivered(ECHO, "Hello from the sandbox", minutes_ago=0)
    desk.receive(ECHO, "You said: Hello from the sandbox", minutes_ago=0)
    stage.picture(stage.show(card=True, party=ECHO))


def empty(stage: _Stage) -> None:
    """A live account without a message."""
    stage.picture(stage.show(live=True))


def trouble(stage: _Stage) -> None:
    """No contact with the relay, and sending waits."""
    desk = stage.desk(live=True)
    noor = busy_morning(desk)
    desk.send(noor, "Yes, Monday is fine. We are open from 09:00.", minutes_ago=0)
    window = stage.show(live=True, party=noor)
    status = replace(
        stage.status(live=True),
        relay=RelayCondition.UNREACHABLE,
        relay_detail="Connection refused",
        queued=1,
        sender_waits_for="the keyring",
        trouble=Trouble(
            "No contact with the relay for 4 min.",
            "Receipts and replies are kept there and will come in later. Trying again in 12 s.",
            "error",
            "try_now",
            stage.now_us - 4 * MINUTE_US,
        ),
    )
    window.apply_status(status)
    window.page.compose.text_sheet.editor.replace_text("And bring the", 13)
    stage.picture(window)


def new_message(stage: _Stage) -> None:
    """A message to a number that is being typed."""
    busy_morning(stage.desk(live=True))
    window = stage.show(live=True)
    window.new_message()
    window.page.recipient.field.setText("+44 7700 900142")
    window.page.compose.text_sheet.editor.replace_text("Good morning", 12)
    stage.picture(window)


def binary(stage: _Stage) -> None:
    """A binary message of 140 octets that is being written: the first part of a contact."""
    stage.desk().delivered(ECHO, "Hello from the sandbox", minutes_ago=3)
    window = stage.show(party=ECHO)
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Lovelace;Ada\r\nTEL;CELL:+31612345678\r\n"
        "EMAIL;INTERNET:ada@example.org\r\nNOTE:Collects at desk 4, weekdays"
    )
    fields = {"udh": "0B 05 04 23 F4 00 00 00 03 7A 02 01"}
    window.page.compose.take(Draft(Kind.BINARY, card.encode()[:128].hex(" ").upper(), fields))
    stage.picture(window)


def cards(stage: _Stage) -> None:
    """Messages that are no text, sent and received."""
    desk = stage.desk()
    contact = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Hopper;Grace\r\nTEL;CELL:+31612345678\r\nEND:VCARD\r\n"
    event = (
        "BEGIN:VCALENDAR\r\nVERSION:1.0\r\nBEGIN:VEVENT\r\nSUMMARY:Stand-up in room 4\r\n"
        "DTSTART:20270104T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    ring = payloads.named("ring-tone")
    outbox = Outbox(stage.store)
    for message in (
        VCard(contact),
        VCal(event),
        WapPush("New timetable from Monday", "https://example.com/timetable"),
        Binary(ring.udh, ring.body),
    ):
        sent = outbox.send(Compose(ComposeId(new_id()), SANDBOX, ECHO, SANDBOX.sender, message))
        for gateway_id in desk.answered(sent, "0"):
            desk.receipt(ECHO, gateway_id, "delivered")
    card = payloads.named("vcard")
    octets = BinaryPart(card.udh.hex(), card.body.hex())
    part = reassembly.InboundPart(None, ECHO, SANDBOX.sender, Kind.BINARY, "", None, stage.now_us, octets)
    with stage.store.write() as writing:
        reassembly.take(writing, SANDBOX.id, [part])
    stage.picture(stage.show(party=ECHO))


def options(stage: _Stage) -> None:
    """The options of a message, one of them wrong, and the question before a large one."""
    party = busy_morning(stage.desk(live=True))
    window = stage.show(live=True, party=party)
    compose = window.page.compose
    compose.text_sheet.editor.replace_text(LONG * 8, 0)
    compose.options_button.setChecked(True)
    drawer = compose.findChild(OptionsDrawer)
    assert drawer is not None
    drawer.show_values({"ttl": "2 h", "status-report-req": "on", "client-ref": "ticket 4711"})
    drawer.changed.emit()
    compose.choose_kind(Kind.UNICODE)
    compose.send()
    stage.picture(window)


def opted_out(stage: _Stage) -> None:
    """A number that is not to be contacted, and a message that can still be taken back."""
    noor = busy_morning(stage.desk(live=True))
    OptOuts(stage.store).add(noor, reason="STOP", source="reply")
    window = stage.show(live=True, party=noor)
    compose = window.page.compose
    compose.undo_strip.begin(MessageId("none"), party=noor, name="Noor de Wit", milliseconds=4_900)
    stage.picture(window)


def preferences(stage: _Stage) -> None:
    """The dialog of preferences."""
    window = stage.show(live=True)
    dialog = PreferencesDialog(Preferences(), appearance=window.appearance, parent=window)
    dialog.show()
    stage.picture(window, of=dialog)


def templates(stage: _Stage) -> None:
    """The popup with templates, one of them previewed."""
    window = _with_library(stage)
    _act(window, "templates")
    stage.picture(window)


def template_values(stage: _Stage) -> None:
    """A template's variables, the contact's name in the first."""
    window = _with_library(stage)
    _act(window, "templates")
    _wait(300)
    _enter(window, "library_search")
    stage.picture(window)


def named_requests(stage: _Stage) -> None:
    """The popup with named requests, and a file that is none."""
    window = _with_library(stage)
    _act(window, "templates")
    chip = window.findChild(QAbstractButton, "library_requests")
    assert isinstance(chip, QAbstractButton)
    chip.click()
    stage.picture(window)


def earlier_drafts(stage: _Stage) -> None:
    """What was typed before in a pane, the one that was cleared last previewed."""
    noor = _with_earlier(stage)
    window = stage.show(live=True, party=noor)
    window.page.compose.text_sheet.editor.replace_text("Good morning Noor, ", 19)
    _act(window, "earlier_drafts")
    stage.picture(window)


def earlier_drafts_none(stage: _Stage) -> None:
    """The same for a message to nobody, before anything was cleared."""
    _with_earlier(stage)
    window = stage.show(live=True)
    window.new_message()
    _act(window, "earlier_drafts")
    stage.picture(window)


def earlier_drafts_wap_push(stage: _Stage) -> None:
    """The same for a form, whose fields are all shown."""
    noor = _with_earlier(stage)
    window = stage.show(live=True, party=noor)
    window.page.compose.choose_kind(Kind.WAPPUSH)
    _act(window, "earlier_drafts")
    stage.picture(window)


def _with_earlier(stage: _Stage) -> str:
    """Drafts to Noor that were cleared, the last of them some minutes ago; returns her number."""
    noor = busy_morning(stage.desk(live=True))
    Contacts(stage.store).save(noor, "Noor de Wit")
    link = {"url": "https://helpdesk.example/r/8841", "validity": "48 hours", "as": "binary"}
    for minutes, draft in (
        (4_400, Draft(Kind.TEXT, "We are closed until Monday 09:00. In urgent cases call 0800 0402.")),
        (1_600, Draft(Kind.WAPPUSH, "Your repair report is ready", link)),
        (1_500, Draft(Kind.TEXT, "Test of a flash message", {"message-class": "0", "ttl": "30 minutes"})),
        (40, Draft(Kind.UNICODE, "Dzień dobry, laptop jest gotowy do odbioru przy stanowisku 4.")),
        (3, Draft(Kind.TEXT, LONG)),
    ):
        at_us = stage.now_us - minutes * MINUTE_US
        outbox = Outbox(stage.store, clock=lambda at_us=at_us: at_us)  # type: ignore[misc]  # bound now
        for each in (draft, Draft(draft.kind, "")):
            outbox.save_draft(LIVE.id, noor, each)
    return noor


def request(stage: _Stage) -> None:
    """The request of what is typed, as curl."""
    window = _with_library(stage)
    text = "Your laptop is ready. Collect it at desk 4 until 17:30."
    window.page.compose.text_sheet.editor.replace_text(text, len(text))
    _act(window, "request")
    stage.picture(window)


def _with_library(stage: _Stage) -> MainWindow:
    noor = busy_morning(stage.desk(live=True))
    Contacts(stage.store).save(noor, "Noor de Wit")
    kept = Templates(stage.store)
    for name, body in (
        ("Appointment", "Dear {{first name}}, your appointment is on {{day|Monday}} at {{time}}."),
        ("Laptop ready", "Hi {{name|there}}, your laptop is ready. Collect it at desk {{desk|4}}."),
        ("Out of office", "We are closed until Monday 09:00. In urgent cases call 0800 0402."),
        ("Password reset", "Your code is {{code}}. It is valid for 10 minutes."),
    ):
        kept.save(name, body)
    collection = Collection(stage.store.file.parent / "requests")
    flash = {"message-class": "0", "ttl": "30 minutes"}
    collection.save("Flash", Draft(Kind.TEXT, "Test of a flash message", flash))
    link = {"url": "https://helpdesk.example/r/{{report}}", "validity": "48 hours", "as": "binary"}
    collection.save("Repair report", Draft(Kind.WAPPUSH, "Your repair report is ready", link))
    (collection.folder / "notes.json").write_text("{}")
    return stage.show(live=True, party=noor)


def _act(window: MainWindow, name: str) -> None:
    entry = window.findChild(QAction, f"action_{name}")
    assert isinstance(entry, QAction)
    entry.trigger()


def _enter(window: MainWindow, name: str) -> None:
    field = window.findChild(QWidget, name)
    assert isinstance(field, QWidget)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def search(stage: _Stage) -> None:
    """What was found for a word."""
    busy_morning(stage.desk(live=True))
    window = stage.show(live=True)
    window.search.begin()
    window.search_field.setText("repair")
    window.search_field.typed.emit("the")
    window.search_field.setText("the")
    stage.picture(window)


def forget(stage: _Stage) -> None:
    """The question before a number is forgotten."""
    noor = busy_morning(stage.desk(live=True))
    window = stage.show(live=True, party=noor)
    entry = window.findChild(QAction, "action_forget")
    assert entry is not None
    entry.trigger()
    _wait(200)
    stage.picture(window, of=window.findChild(ForgetDialog))


def contacts(stage: _Stage) -> None:
    """Names in the list, and the dialog of one of them."""
    noor = busy_morning(stage.desk(live=True))
    kept = Contacts(stage.store)
    for number, name in (
        (noor, "Noor de Wit"),
        ("905321234567", "İbrahim Yıldız"),
        ("48512345678", "Marta Kowalska"),
    ):
        kept.save(number, name, note="Prefers mornings", tags=("customer", "vip"))
    window = stage.show(live=True, party=noor)
    entry = window.findChild(QAction, "action_contact")
    assert entry is not None
    entry.trigger()
    _wait(300)
    dialog = window.findChild(ContactDialog)
    assert dialog is not None
    dialog.grab().save(str(stage.file.with_name(f"contact-dialog{stage.file.stem[8:]}.png")))
    stage.picture(window)


def wap_push(stage: _Stage) -> None:
    """A title with a link, and how an older phone shows it."""
    fields = {"url": "https://helpdesk.example/r/8841", "action": "signal-medium", "as": "binary"}
    _written(stage, Draft(Kind.WAPPUSH, "Your repair report is ready", fields))


def contact_card(stage: _Stage) -> None:
    """A contact as form, preview and text."""
    fields = {
        "given": "Ada",
        "family": "Lovelace",
        "organisation": "Analytical Engines",
        "mobile": "+31612345678",
        "email": "ada@example.org",
        "web": "http://engines.example",
        "note": "Collects at desk 4, weekdays",
    }
    _written(stage, Draft(Kind.VCARD, vcard_form.write_form("", fields, "2.1").text, {"as": "binary"}))


def event_card(stage: _Stage) -> None:
    """An event as form, preview and text."""
    fields = {
        "summary": "Pick up laptop",
        "start": "2026-11-30 14:30",
        "end": "2026-11-30 15:00",
        "location": "Desk 4",
        "alarm": "15 minutes",
        "description": "Bring the receipt and a photo ID",
    }
    _written(stage, Draft(Kind.VCAL, vcal_form.write_form("", fields, "1.0").text, {"as": "binary"}))


def _written(stage: _Stage, draft: Draft) -> None:
    """A conversation with something in a pane that is a form."""
    window = stage.show(party=busy_morning(stage.desk()))
    window.page.compose.take(draft)
    stage.picture(window)


def store(stage: _Stage) -> None:
    """The store's file with its backups."""
    _kept(stage, 0)


def store_command(stage: _Stage) -> None:
    """Restoring while the window has the store open: the command that does it then."""
    _kept(stage, 0, "restore_backup")


def retention(stage: _Stage) -> None:
    """For how long messages are kept, and the question before old ones go."""
    _kept(stage, 1, "remove_old")


def missing(stage: _Stage) -> None:
    """Events that are missing, and receipts that belong to nothing."""
    _kept(stage, 2, "go_on")


def deeds(stage: _Stage) -> None:
    """What people did."""
    _kept(stage, 3)


def _kept(stage: _Stage, page: int, button: str = "") -> None:
    desk = stage.desk(live=True)
    noor = busy_morning(desk)
    desk.delivered(noor, "A year ago", minutes_ago=60 * 24 * 365)
    for number in range(3):
        gateway_id = f"0C00000{number}4A3F1D"
        kept = NewReceipt(
            gateway_id, noor, "delivered", "0", "2611211042", None, None, None, number == 1, stage.now_us
        )
        with stage.store.write() as writing:
            receipts.keep(writing, LIVE.id, [kept])
    with stage.store.write() as writing:
        for first, last in ((4_117, 4_119), (41_212, 41_215)):
            at = Position("e1", first - 1)
            gaps.note(writing.db, LIVE.id, "main", GapKind.HOLE, after=at, last=last, now_us=stage.now_us)
        gaps.close(writing.db, LIVE.id, "main", Position("e1", 5_000), now_us=stage.now_us)
    actor = Actor("ada")
    upkeep.backup(stage.store, actor=actor)
    Forgetting(stage.store, actor=actor).set_retention(LIVE.id, 90)
    OptOuts(stage.store, actor=actor).add("31655500123", reason="asked by phone", source="person")
    upkeep.backup(stage.store, actor=actor)
    window = stage.show(live=True, party=noor)
    _act(window, "kept_messages")
    _wait(300)
    pages = window.findChild(QListWidget, "store_pages")
    assert isinstance(pages, QListWidget)
    pages.setCurrentRow(page)
    _wait(300)
    if button:
        pressed = window.findChild(QAbstractButton, button)
        assert isinstance(pressed, QAbstractButton)
        pressed.click()
    stage.picture(window, of=window.findChild(StoreDialog))


SCENES = (
    store,
    store_command,
    retention,
    missing,
    deeds,
    wap_push,
    contact_card,
    event_card,
    templates,
    template_values,
    named_requests,
    earlier_drafts,
    earlier_drafts_none,
    earlier_drafts_wap_push,
    request,
    binary,
    cards,
    contacts,
    search,
    forget,
    conversation,
    parts,
    first_start,
    empty,
    trouble,
    new_message,
    options,
    opted_out,
    preferences,
)

SHOWN_LIGHT = (conversation, binary, contact_card, search)
SHOWN_DARK = (conversation,)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
