from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from sms_desktop.ui.delivery import MainThread


def test_closures_run_on_the_windows_thread_in_their_order(qtbot: QtBot) -> None:
    deliver = MainThread()
    ran: list[tuple[int, bool]] = []

    def hand_over() -> None:
        for number in range(200):
            deliver(lambda number=number: ran.append((number, threading.current_thread() is main)))  # type: ignore[misc]

    main = threading.current_thread()
    worker = threading.Thread(target=hand_over)
    worker.start()
    worker.join()
    assert ran == []
    qtbot.waitUntil(lambda: len(ran) == 200)
    assert ran == [(number, True) for number in range(200)]
