"""What becomes of an attempt, by its evidence: never lost, and never doubled by us."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_desktop.gateway.evidence import Exchange, Failure, Phase
from sms_desktop.messages.ids import MessageId, ProfileId
from sms_desktop.messages.options import Options
from sms_desktop.messages.states import State
from sms_desktop.services import delivery
from sms_desktop.services.accounts import Account, RelayAccess, Servers, account
from sms_desktop.services.delivery import Due, Ready
from sms_desktop.settings.profiles import SANDBOX
from sms_desktop.settings.secrets import MemorySecrets
from sms_desktop.store import attempts, receipts
from sms_desktop.store.database import Store
from tests.fakes.exchanges import accepted, answer, answered, broken, statuses
from tests.fakes.hands import PHONE, Clock, compose, count, row_of, send, state_of

_SERVERS = Servers(
    "http://127.0.0.1:1",
    "http://127.0.0.1:2",
    "s3cr3t-of-the-api",
    "ingest-token-22-chars-",
    "smsr_reader-token",
)
_ACCOUNT = account(SANDBOX, MemorySecrets(), servers=_SERVERS)
_SECRETS = ("s3cr3t-of-the-api", "ingest-token-22-chars-", "smsr_reader-token")
_WAIT = "Throughput Rate Exceeded - please wait [ 978 ] and retry"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _begin(store: Store, clock: Clock, ready_with: Account = _ACCOUNT) -> Ready:
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due), due
    ready = delivery.begin(store, ready_with, due, clock=clock)
    assert ready is not None
    return ready


def _finish(store: Store, ready: Ready, exchange: Exchange, clock: Clock) -> None:
    delivery.finish(store, SANDBOX.id, ready, exchange, clock=clock)


def _keep(
    store: Store,
    gateway_id: str,
    word: str = "delivered",
    *,
    client_ref: str | None = None,
    party: str = PHONE,
    foreign: bool = False,
    scts: str = "2601011200",
) -> None:
    receipt = receipts.NewReceipt(gateway_id, party, word, "0", scts, None, None, client_ref, foreign, 1)
    with store.write() as writing:
        receipts.keep(writing, SANDBOX.id, [receipt])


def test_the_attempt_is_on_disk_before_anything_is_sent_and_holds_no_secret(
    store: Store, clock: Clock
) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    assert state_of(store, message) is State.SENDING
    with store.read() as db:
        [[tried]] = attempts.of_messages(db, [message])[message]
    exact = json.loads(tried.request)
    assert exact == ready.request.masked()
    assert exact["parameters"]["api_secret"] == "***"
    assert exact["parameters"]["callback"] == "http://127.0.0.1:2/h/***/d"
    assert exact["parameters"]["client-ref"] == tried.client_ref == ready.client_ref
    assert len(ready.client_ref) == 26
    assert (
        "callback=http%3A%2F%2F127.0.0.1%3A2%2Fh%2Fingest-token-22-chars-%2Fd"
        in ready.request.body().decode()
    )


def test_no_secret_is_ever_in_the_file(store: Store, clock: Clock, tmp_path: Path) -> None:
    send(store, clock=clock)
    ready = _begin(store, clock)
    echoed = answer({"status": "3", "error-text": f"bad secret {_SECRETS[0]} for {_SECRETS[1]}"})
    _finish(store, ready, answered(ready, echoed), clock)
    for secret in _SECRETS:
        assert secret not in repr(_ACCOUNT) + repr(_SERVERS) + repr(ready)
    store.close()
    octets = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert not [secret for secret in _SECRETS if secret.encode() in octets]


def test_what_the_person_set_is_sent_as_set(store: Store, clock: Clock) -> None:
    options = Options(
        callback="https://example.com/mine", client_ref="order 4711", ttl=60_000, status_report=True
    )
    send(store, clock=clock, options=options)
    parameters = _begin(store, clock).request.masked()["parameters"]
    assert parameters["callback"] == "https://example.com/mine"
    assert parameters["client-ref"] == "order 4711"
    assert parameters["ttl"] == "60000"
    assert parameters["status-report-req"] == "1"


def test_without_a_relay_no_callback_is_sent(store: Store, clock: Clock) -> None:
    send(store, clock=clock)
    silent = replace(_ACCOUNT, relay=None)
    assert "callback" not in _begin(store, clock, silent).request.masked()["parameters"]
    send(store, to="31600000002", clock=clock)
    no_ingest = replace(_ACCOUNT, relay=RelayAccess("http://127.0.0.1:2", "main", "smsr_x"))
    assert "callback" not in _begin(store, clock, no_ingest).request.masked()["parameters"]


_Made = Callable[[Ready], Exchange]
_NOT_SENT: dict[str, _Made] = {
    "name not found": lambda ready: broken(ready, Phase.CONNECTING, Failure.NAME),
    "connection refused": lambda ready: broken(ready, Phase.CONNECTING, Failure.REFUSED),
    "connecting too slow": lambda ready: broken(ready, Phase.CONNECTING, Failure.TOO_SLOW),
    "TLS failed": lambda ready: broken(ready, Phase.TLS, Failure.TLS),
    "stopped before writing": lambda ready: broken(ready, Phase.CONNECTING, Failure.CANCELLED),
}
_THROTTLED: dict[str, _Made] = {
    "status 1": lambda ready: answered(ready, statuses(["1"])),
    "status 10": lambda ready: answered(ready, statuses(["10"])),
    "every part throttled": lambda ready: answered(ready, statuses(["1", "1", "1"])),
    "HTTP 429": lambda ready: answered(ready, b"slow down", http_status=429),
}
_REFUSED: dict[str, _Made] = {
    **{
        f"status {code}": lambda ready, code=code: answered(ready, statuses([code]))  # type: ignore[misc]
        for code in ("2", "3", "4", "5", "6", "7", "9", "13", "15", "29", "32", "99")
    },
    **{
        f"HTTP {code}": lambda ready, code=code: answered(ready, b"<html>no</html>", http_status=code)  # type: ignore[misc]
        for code in (400, 401, 403, 404, 411)
    },
    "refused and throttled": lambda ready: answered(ready, statuses(["7", "1"])),
}
_PARTIAL: dict[str, _Made] = {
    "some accepted": lambda ready: answered(ready, statuses(["0", "7"])),
    "some throttled": lambda ready: answered(ready, statuses(["0", "1", "0"])),
    "some of each": lambda ready: answered(ready, statuses(["0", "1", "7"])),
}
_UNCERTAIN: dict[str, _Made] = {
    **{
        f"HTTP {code}": lambda ready, code=code: answered(ready, statuses(["0"]), http_status=code)  # type: ignore[misc]
        for code in (301, 302, 307, 408, 500, 502, 503, 504)
    },
    "an answer that is not JSON": lambda ready: answered(ready, b"<html>OK</html>"),
    "an empty answer": lambda ready: answered(ready, b""),
    "an empty list": lambda ready: answered(ready, b'{"message-count": "0", "messages": []}'),
    "half an answer": lambda ready: answered(ready, statuses(["0", "0"])[:-9]),
    "a part without status": lambda ready: answered(ready, answer({"message-id": "G1"})),
    "broken while writing": lambda ready: broken(ready, Phase.WRITING, Failure.BROKEN),
    "broken after writing": lambda ready: broken(ready, Phase.WRITTEN, Failure.BROKEN),
    "no answer in time": lambda ready: broken(ready, Phase.WRITTEN, Failure.DEADLINE),
    "stopped after writing": lambda ready: broken(ready, Phase.WRITTEN, Failure.CANCELLED),
    "broken in the answer": lambda ready: broken(ready, Phase.ANSWERING, Failure.BROKEN, http_status=200),
}
_ROWS = [
    *((name, made, State.NOT_SENT, True) for name, made in _NOT_SENT.items()),
    *((name, made, State.THROTTLED, True) for name, made in _THROTTLED.items()),
    *((name, made, State.REFUSED, False) for name, made in _REFUSED.items()),
    *((name, made, State.PARTIAL, False) for name, made in _PARTIAL.items()),
    *((name, made, State.UNCERTAIN, False) for name, made in _UNCERTAIN.items()),
    ("accepted", lambda ready: answered(ready, accepted("G1", "G2")), State.SUBMITTED, False),
]


@pytest.mark.parametrize(
    "made, expected, again", [pytest.param(*row[1:], id=f"{row[2]}: {row[0]}") for row in _ROWS]
)
def test_the_evidence_decides(store: Store, clock: Clock, made: _Made, expected: State, again: bool) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, made(ready), clock)
    row = row_of(store, message)
    assert row.state is expected
    assert (row.next_try_us is not None) is again
    clock.pass_seconds(3_000)  # within its deadline
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due) is again
    clock.pass_seconds(1_000_000)
    assert delivery.recover(store, SANDBOX.id, clock=clock) == 0


@pytest.mark.parametrize(
    "made", [pytest.param(made, id=name) for name, made in (_UNCERTAIN | _NOT_SENT).items()]
)
def test_what_has_no_answer_has_a_reason_in_words(store: Store, clock: Clock, made: _Made) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, made(ready), clock)
    reason = row_of(store, message).reason
    assert reason
    assert reason.endswith(".")


def test_the_gateways_own_hint_is_how_long_a_throttled_message_waits(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, answered(ready, answer({"status": "1", "error-text": _WAIT})), clock)
    assert row_of(store, message).next_try_us == clock.us + 978_000
    assert delivery.next_due(store, SANDBOX.id, clock=clock) == clock.us + 978_000
    clock.pass_seconds(0.978)
    ready = _begin(store, clock)
    _finish(store, ready, answered(ready, b"", http_status=429, retry_after="7"), clock)
    assert row_of(store, message).next_try_us == clock.us + 7_000_000


def test_without_a_hint_the_pauses_double_up_to_a_minute_until_the_deadline(
    store: Store, clock: Clock
) -> None:
    message = send(store, clock=clock)
    deadline = clock.us + 3_600_000_000
    pauses: list[float] = []
    while True:
        ready = _begin(store, clock)
        _finish(store, ready, broken(ready, Phase.CONNECTING, Failure.REFUSED), clock)
        due = delivery.next_due(store, SANDBOX.id, clock=clock)
        if due is None:
            break
        assert isinstance(due, int)
        assert due <= deadline
        pauses.append((due - clock.us) / 1e6)
        clock.us = due
    for pause, middle in zip(pauses, (1, 2, 4, 8, 16, 32, *[60] * 1_000), strict=False):
        assert 0.8 * middle <= pause <= 1.2 * middle
    assert clock.us <= deadline < clock.us + 72_000_000
    row = row_of(store, message)
    assert (row.state, row.next_try_us) == (State.NOT_SENT, None)
    clock.pass_seconds(100_000)
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None


def test_a_hint_beyond_the_deadline_leaves_it_to_the_person(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, answered(ready, b"", http_status=429, retry_after="86400"), clock)
    row = row_of(store, message)
    assert (row.state, row.next_try_us) == (State.THROTTLED, None)


def test_a_queued_message_that_is_past_its_deadline_is_not_sent_by_itself(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock, options=Options(ttl=20_000))
    clock.pass_seconds(20.1)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None
    assert delivery.next_due(store, SANDBOX.id, clock=clock) is None
    row = row_of(store, message)
    assert (row.state, row.next_try_us) == (State.QUEUED, None)
    assert count(store, "attempt") == 0


def test_a_message_that_was_begun_can_t_be_begun_twice(store: Store, clock: Clock) -> None:
    send(store, clock=clock)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is not None
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None
    assert count(store, "attempt") == 1


def test_an_attempt_is_closed_once(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, answered(ready, accepted("G1")), clock)
    _finish(store, ready, answered(ready, statuses(["7"])), clock)
    assert state_of(store, message) is State.SUBMITTED
    assert count(store, "part") == 1


def test_an_attempt_that_a_run_left_open_is_uncertain_at_the_next_start(tmp_path: Path, clock: Clock) -> None:
    first = Store(tmp_path / "store.db")
    message, other = send(first, clock=clock), send(first, to="31600000002", clock=clock)
    _begin(first, clock)
    first.close()  # and nothing more is known

    store = Store(tmp_path / "store.db")
    assert state_of(store, message) is State.SENDING
    assert delivery.recover(store, SANDBOX.id, clock=clock) == 1
    row = row_of(store, message)
    assert (row.state, row.next_try_us) == (State.UNCERTAIN, None)
    assert row.reason == "The program ended while this was being sent."
    assert delivery.recover(store, SANDBOX.id, clock=clock) == 0
    assert _begin(store, clock).message == other  # the one that was not begun goes out
    store.close()


def test_messages_to_one_number_go_in_order_and_others_need_not_wait(store: Store, clock: Clock) -> None:
    first, second = send(store, "1", clock=clock), send(store, "2", clock=clock)
    other = send(store, "other", to="31600000002", clock=clock)
    ready = _begin(store, clock)
    assert ready.message == first
    _finish(store, ready, broken(ready, Phase.CONNECTING, Failure.REFUSED), clock)

    ready = _begin(store, clock)  # the first waits for its next try, the second waits for the first
    assert ready.message == other
    _finish(store, ready, answered(ready, accepted("G9")), clock)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert due == row_of(store, first).next_try_us  # a moment to come: the sender may rest until then
    assert isinstance(due, int)
    assert due > clock.us

    clock.us = due
    ready = _begin(store, clock)
    assert ready.message == first
    _finish(store, ready, answered(ready, accepted("G1")), clock)
    assert _begin(store, clock).message == second


def test_a_message_that_was_given_up_or_is_uncertain_keeps_no_other_waiting(
    store: Store, clock: Clock
) -> None:
    send(store, "1", clock=clock, options=Options(ttl=20_000))
    second = send(store, "2", clock=clock)
    third = send(store, "3", clock=clock)
    clock.pass_seconds(30)
    due = delivery.next_due(store, SANDBOX.id, clock=clock)
    assert isinstance(due, Due)
    assert delivery.begin(store, _ACCOUNT, due, clock=clock) is None
    ready = _begin(store, clock)
    assert ready.message == second
    _finish(store, ready, broken(ready, Phase.WRITTEN, Failure.DEADLINE), clock)
    assert _begin(store, clock).message == third


def test_a_receipt_may_come_before_the_answer_it_belongs_to(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _keep(store, "G1", client_ref=ready.client_ref)
    assert state_of(store, message) is State.SENDING
    _finish(store, ready, answered(ready, accepted("G1")), clock)
    assert state_of(store, message) is State.DELIVERED
    assert count(store, "part") == 1


def _uncertain(store: Store, clock: Clock, text: str = "Hello", **options: str) -> tuple[MessageId, Ready]:
    message = send(store, text, clock=clock, options=Options(**options))  # type: ignore[arg-type]
    ready = _begin(store, clock)
    _finish(store, ready, broken(ready, Phase.WRITTEN, Failure.BROKEN), clock)
    assert state_of(store, message) is State.UNCERTAIN
    return message, ready


def test_a_receipt_with_its_reference_settles_an_uncertain_attempt(store: Store, clock: Clock) -> None:
    message, ready = _uncertain(store, clock)
    _keep(store, "G1", "accepted", client_ref=ready.client_ref)
    assert state_of(store, message) is State.ACCEPTED
    _keep(store, "G1", "delivered", client_ref=ready.client_ref)
    assert state_of(store, message) is State.DELIVERED
    assert [part.gateway_id for part in row_of(store, message).parts] == ["G1"]


@pytest.mark.parametrize(
    "receipt",
    [
        {"client_ref": "another reference"},
        {"client_ref": None},
        {"party": "31600000002"},
        {"foreign": True},
    ],
)
def test_a_receipt_that_is_not_its_own_settles_nothing(
    store: Store, clock: Clock, receipt: dict[str, object]
) -> None:
    message, ready = _uncertain(store, clock)
    _keep(store, "G1", **({"client_ref": ready.client_ref} | receipt))  # type: ignore[arg-type]
    assert state_of(store, message) is State.UNCERTAIN


def test_receipts_of_three_parts_settle_three_parts(store: Store, clock: Clock) -> None:
    message, ready = _uncertain(store, clock, "x" * 400)
    assert row_of(store, message).parts_total == 3
    states = []
    for gateway_id in ("G1", "G2", "G3", "G4"):
        _keep(store, gateway_id, client_ref=ready.client_ref)
        states.append(state_of(store, message))
    assert states == [State.SUBMITTED, State.SUBMITTED, State.DELIVERED, State.DELIVERED]
    row = row_of(store, message)
    assert row.parts_total == 3
    assert [part.gateway_id for part in row.parts] == ["G1", "G2", "G3"]


def test_a_reference_that_two_uncertain_attempts_share_settles_neither(store: Store, clock: Clock) -> None:
    one, _ = _uncertain(store, clock, client_ref="mine")
    two, _ = _uncertain(store, clock, client_ref="mine")
    _keep(store, "G1", client_ref="mine")
    assert [state_of(store, message) for message in (one, two)] == [State.UNCERTAIN] * 2


def test_an_attempt_under_way_with_the_same_reference_may_be_the_one_that_is_meant(
    store: Store, clock: Clock
) -> None:
    uncertain, _ = _uncertain(store, clock, client_ref="mine")
    under_way = send(store, clock=clock, options=Options(client_ref="mine"))
    ready = _begin(store, clock)
    _keep(store, "G2", client_ref="mine")
    assert state_of(store, uncertain) is State.UNCERTAIN
    _finish(store, ready, answered(ready, accepted("G2")), clock)
    assert state_of(store, under_way) is State.DELIVERED
    assert state_of(store, uncertain) is State.UNCERTAIN


def test_an_attempt_that_is_settled_does_not_stand_in_the_way_of_the_next(store: Store, clock: Clock) -> None:
    one, _ = _uncertain(store, clock, client_ref="mine")
    _keep(store, "G1", client_ref="mine")
    two, _ = _uncertain(store, clock, client_ref="mine")
    _keep(store, "G2", "failed", client_ref="mine")
    assert [state_of(store, message) for message in (one, two)] == [State.DELIVERED, State.FAILED]


def test_receipts_that_came_while_it_was_under_way_settle_it_when_its_answer_is_lost(
    store: Store, clock: Clock
) -> None:
    message = send(store, "x" * 400, clock=clock)
    ready = _begin(store, clock)
    for gateway_id in ("G1", "G2", "G3", "G3"):
        _keep(store, gateway_id, client_ref=ready.client_ref)
    _finish(store, ready, broken(ready, Phase.WRITTEN, Failure.BROKEN), clock)
    assert state_of(store, message) is State.DELIVERED
    assert count(store, "part") == 3


def test_receipts_that_came_before_a_crash_settle_it_at_the_next_start(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _keep(store, "G1", client_ref=ready.client_ref)
    assert delivery.recover(store, SANDBOX.id, clock=clock) == 1
    assert state_of(store, message) is State.DELIVERED


def test_a_receipt_of_another_profile_changes_nothing(store: Store, clock: Clock) -> None:
    message = send(store, clock=clock)
    ready = _begin(store, clock)
    _finish(store, ready, answered(ready, accepted("G1")), clock)
    receipt = receipts.NewReceipt("G1", PHONE, "failed", "2", "2601011300", None, None, None, False, 1)
    with store.write() as writing:
        receipts.keep(writing, ProfileId("live"), [receipt])
        attempts.project(writing.db, message)
    assert state_of(store, message) is State.SUBMITTED
    assert row_of(store, message).parts[0].word is None


_EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("G1", "G2", "G3")),
        st.sampled_from(("accepted", "buffered", "delivered", "failed", "unknown")),
        st.sampled_from(("2601011200", "2601011300", "?")),
    ),
    max_size=6,
)


@settings(max_examples=25)
@given(events=_EVENTS, when=st.integers(0, 6), order=st.randoms(use_true_random=False))
def test_the_order_of_answer_and_receipts_never_matters(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, str]], when: int, order: object
) -> None:
    shuffled = list(events) + events[:2]
    order.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    found = []
    for sequence, at in ((events, 0), (shuffled, min(when, len(shuffled)))):
        store, clock = Store(tmp_path_factory.mktemp("order") / "store.db"), Clock()
        message = send(store, "x" * 400, clock=clock)
        ready = _begin(store, clock)
        for index, event in enumerate([*sequence, None]):
            if index == at:
                _finish(store, ready, answered(ready, accepted("G1", "G2", "G3")), clock)
            if event is not None:
                gateway_id, word, scts = event
                _keep(store, gateway_id, word, scts=scts, client_ref=ready.client_ref)
        row = row_of(store, message)
        found.append((row.state, row.parts))
        with store.write() as writing:  # the kept state is what computing it again gives
            attempts.project(writing.db, message)
            assert attempts.state(writing.db, message) is row.state
        store.close()
    assert found[0] == found[1]


def test_a_rehearsal_shows_the_request_and_keeps_nothing(tmp_path: Path) -> None:
    (request,) = delivery.rehearse(compose("Hello", options=Options(client_ref="mine")), MemorySecrets())
    assert request["method"] == "POST"
    assert request["url"].endswith("/sms/json")
    assert request["parameters"]["api_secret"] == "***"
    assert request["parameters"]["client-ref"] == "mine"
    assert request["parameters"]["callback"].endswith("/h/***/d")
    assert list(itertools.islice(tmp_path.iterdir(), 1)) == []
