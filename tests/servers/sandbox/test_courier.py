"""The courier by itself: when it brings what, and what it does not keep."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import pytest

from sms_desktop.servers.sandbox.clock import Clock
from sms_desktop.servers.sandbox.courier import Courier, Webhook
from sms_desktop.servers.sandbox.webhook_http import WebhookClient
from tests.servers.sandbox.sink import PATIENCE, sink

HOUR = 3600.0


class Recipient(WebhookClient):
    """Answers with what it is given, one after another, and then with 200."""

    def __init__(self, *answers: int | Exception) -> None:
        super().__init__(webhook_format=lambda: "json")
        self._answers = list(answers)
        self.took: list[tuple[float, str]] = []
        self.at_once = 0
        self.most_at_once = 0

    async def send(self, url: str, fields: Mapping[str, str]) -> int:
        self.took.append((asyncio.get_running_loop().time(), fields["name"]))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        answer = self._answers.pop(0) if self._answers else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


def webhook(name: str, lifetime: float = HOUR) -> Webhook:
    return Webhook("http://127.0.0.1:9/h/canary/d", {"name": name}, lifetime)


def dressed(webhook: Webhook) -> dict[str, str]:
    return dict(webhook.fields)


def courier_of(recipient: Recipient, speed: float) -> Courier:
    return Courier(client=recipient, clock=Clock(speed), dress=dressed)


def run(courier: Courier, work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        running = asyncio.create_task(courier.run())
        async with asyncio.timeout(PATIENCE):
            await work()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(main())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 -- what is waited for includes lines in a log
        await asyncio.sleep(0.002)


def test_webhooks_are_brought_when_they_are_due_whatever_the_order_they_were_taken_in() -> None:
    recipient = Recipient()
    courier = courier_of(recipient, 10)

    async def work() -> None:
        for name, after in (("third", 1.5), ("first", 0.0), ("second", 0.5)):
            courier.take(webhook(name), after=after)
        await until(lambda: len(recipient.took) == 3)

    run(courier, work)
    moments = [at for at, _ in recipient.took]
    assert [name for _, name in recipient.took] == ["first", "second", "third"]
    assert moments[2] - moments[0] >= 0.14


def test_pauses_double_up_to_a_quarter_of_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    recipient = Recipient(*[503] * 9)
    courier = courier_of(recipient, 10_000)

    async def work() -> None:
        courier.take(webhook("x", lifetime=72 * HOUR), after=0)
        await until(lambda: len(recipient.took) == 10)

    with caplog.at_level(logging.INFO):
        run(courier, work)
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.INFO]
    assert [float(line.split()[-2]) for line in told] == [5, 10, 20, 40, 80, 160, 320, 640, 900]
    assert len(caplog.records) - len(told) == 4, "warnings at 1, 2, 4 and 8"
    assert "canary" not in caplog.text


def test_a_webhook_that_nobody_takes_is_given_up_when_its_lifetime_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recipient = Recipient(*[500] * 99)
    courier = courier_of(recipient, 10_000)

    async def work() -> None:
        courier.take(webhook("x"), after=0)
        await until(lambda: "given up" in caplog.text)

    with caplog.at_level(logging.WARNING):
        run(courier, work)
    assert len(recipient.took) < 15


def test_one_that_can_t_be_sent_at_all_does_not_stop_the_others() -> None:
    recipient = Recipient(RuntimeError("a fault"), OSError("refused"))
    courier = courier_of(recipient, 1000)

    async def work() -> None:
        courier.take(webhook("odd"), after=0)
        courier.take(webhook("good"), after=0.1)
        await until(lambda: len(recipient.took) >= 4)

    run(courier, work)


def test_no_more_than_so_many_are_under_way_and_no_more_than_so_many_wait(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recipient = Recipient()
    courier = Courier(client=recipient, clock=Clock(), dress=dressed, most_waiting=100, most_at_once=4)

    async def work() -> None:
        for number in range(150):
            courier.take(webhook(str(number)), after=0)
        await until(lambda: len(recipient.took) == 100)

    run(courier, work)
    assert len(recipient.took) == 100
    assert recipient.most_at_once == 4
    assert "webhooks dropped because too many wait: 32" in caplog.text


def test_connections_are_used_again_and_odd_answers_are_no_answers() -> None:
    async def converse(here_url: str) -> list[int]:
        client = WebhookClient(webhook_format=lambda: "json")
        try:
            return [await client.send(f"{here_url}/{number}", {"n": str(number)}) for number in range(3)]
        finally:
            await client.close()

    with sink(lambda one: 404 if one.path == "/1" else 204) as here:
        assert asyncio.run(converse(here.url)) == [204, 404, 204]
        assert [one.fields for one in here.arrived] == [{"n": "0"}, {"n": "1"}, {"n": "2"}]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SMTP\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000,
        b"\r\n\r\n",
    ],
)
def test_what_is_not_an_answer_is_an_error_of_the_system(answer: bytes) -> None:
    async def main() -> None:
        async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(odd, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = WebhookClient(webhook_format=lambda: "get", seconds=5)
        with pytest.raises(OSError, match=r"no readable answer"):
            await client.send(f"http://127.0.0.1:{port}/", {"a": "b"})
        await client.close()
        server.close()

    asyncio.run(main())


def test_silence_ends_in_time() -> None:
    async def main() -> None:
        over = asyncio.Event()

        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()
            await writer.wait_closed()
            over.set()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        client = WebhookClient(webhook_format=lambda: "json", seconds=0.1)
        with pytest.raises(TimeoutError):
            await client.send(f"http://127.0.0.1:{port}/", {"a": "b"})
        await over.wait()
        server.close()

    asyncio.run(main())
