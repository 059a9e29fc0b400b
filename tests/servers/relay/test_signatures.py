from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway.signing import sign
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.signatures import SignatureAlgorithm
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.signatures import (
    Judgement,
    SecretShelf,
    SecretsMissing,
    SignatureMode,
    SigningRule,
    Verdict,
    decode_rule,
    encode_rule,
    judge,
    signing_rule,
)
from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token
from tests.servers.relay.running import JSON, RunningRelay, Stream, supervised

NOW = 1_600_000_000.0
SECRET, NEXT = "present-secret", "coming-secret"
REQUIRE = SigningRule(SignatureMode.REQUIRE, secrets=("present", "next"))
RECEIPT = {"messageId": "A1", "status": "delivered", "msisdn": "31612345678"}


def signed(
    parameters: Mapping[str, str],
    *,
    secret: str = SECRET,
    algorithm: SignatureAlgorithm = SignatureAlgorithm.SHA256,
    at: float = NOW,
) -> dict[str, str]:
    stamped = dict(parameters) | {"timestamp": str(int(at)), "nonce": "n1"}
    return stamped | {"sig": sign(stamped, secret=secret, algorithm=algorithm)}


def verdict(parameters: Mapping[str, str], rule: SigningRule = REQUIRE) -> Judgement:
    return judge(parameters, rule, [SECRET, NEXT], now=NOW)


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
def test_only_the_algorithms_of_the_list_count(algorithm: SignatureAlgorithm) -> None:
    webhook = signed(RECEIPT, algorithm=algorithm)
    strong = algorithm in {SignatureAlgorithm.SHA256, SignatureAlgorithm.SHA512}
    assert verdict(webhook).verdict is (Verdict.VALID if strong else Verdict.INVALID)
    rule = SigningRule(SignatureMode.REQUIRE, (algorithm,), ("present",))
    assert verdict(webhook, rule).verdict is Verdict.VALID


def test_either_of_two_secrets_is_good() -> None:
    assert verdict(signed(RECEIPT, secret=NEXT)).verdict is Verdict.VALID
    assert verdict(signed(RECEIPT, secret="another")).verdict is Verdict.INVALID


def test_what_is_not_signed_or_empty_is_absent() -> None:
    assert verdict(RECEIPT).verdict is Verdict.ABSENT
    assert verdict(RECEIPT | {"sig": ""}).verdict is Verdict.ABSENT


def test_names_that_stand_for_several_parameters_are_refused() -> None:
    smuggled = signed({"a": "1", "b": "2"})
    merged = {"a=1&b": "2"} | {name: smuggled[name] for name in ("timestamp", "nonce", "sig")}
    assert verdict(smuggled).verdict is Verdict.VALID
    assert verdict(merged).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "age,expected",
    [
        (0, Judgement(Verdict.VALID)),
        (299, Judgement(Verdict.VALID)),
        (301, Judgement(Verdict.VALID, ("old",))),
        (-301, Judgement(Verdict.VALID, ("old",))),
        (72 * 3600, Judgement(Verdict.VALID, ("old",))),
        (96 * 3600 + 1, Judgement(Verdict.INVALID, ("expired",))),
    ],
)
def test_an_old_signature_is_flagged_and_a_very_old_one_none(age: int, expected: Judgement) -> None:
    assert verdict(signed(RECEIPT, at=NOW - age)) == expected


def test_a_signature_without_a_time_is_flagged() -> None:
    webhook = RECEIPT | {"timestamp": "yesterday"}
    webhook["sig"] = sign(webhook, secret=SECRET, algorithm=SignatureAlgorithm.SHA256)
    assert verdict(webhook) == Judgement(Verdict.VALID, ("undated",))


def test_without_a_secret_require_fails_closed_and_prefer_tells() -> None:
    with pytest.raises(SecretsMissing):
        judge(signed(RECEIPT), REQUIRE, [], now=NOW)
    prefer = SigningRule(SignatureMode.PREFER, secrets=("present",))
    assert judge(signed(RECEIPT), prefer, [], now=NOW).verdict is Verdict.UNCONFIGURED
    assert judge(signed(RECEIPT), SigningRule(), [], now=NOW).verdict is Verdict.UNCONFIGURED


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=3), st.text(max_size=5), max_size=4), st.data())
def test_any_change_breaks_the_signature(parameters: dict[str, str], data: st.DataObject) -> None:
    webhook = signed({f"p{name}": value for name, value in parameters.items()})
    name = data.draw(st.sampled_from(sorted(webhook.keys() - {"sig"})))
    changed = webhook | {name: webhook[name] + "x"}
    dropped = {other: value for other, value in webhook.items() if other != name}
    added = webhook | {"extra": "1"}
    assert verdict(webhook).verdict is Verdict.VALID
    for forged in (changed, dropped, added):
        assert verdict(forged).verdict is Verdict.INVALID


def test_a_rule_is_kept_as_text() -> None:
    assert decode_rule(encode_rule(REQUIRE)) == REQUIRE
    assert decode_rule("") == SigningRule()


def test_a_secret_given_as_its_own_name_is_refused_and_not_repeated() -> None:
    for secrets in (["Canary Secret"], ["a", "b", "c"], []):
        with pytest.raises(Mendable) as caught:
            signing_rule(mode="require", algorithms=[], secrets=secrets)
        assert "Canary" not in str(caught.value)


def test_secrets_come_from_files_then_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "present").write_text("from-file\n")
    shelf = SecretShelf(
        tmp_path, {"SMSCTL_RELAY_SECRET_PRESENT": "hidden", "SMSCTL_RELAY_SECRET_A_B": "from-environment"}
    )
    rule = SigningRule(SignatureMode.REQUIRE, secrets=("present", "a-b", "missing"))
    assert shelf.of(rule) == ["from-file", "from-environment"]


# Through the door ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    folder = tmp_path_factory.mktemp("relay")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "present").write_text(SECRET)
    (folder / "secrets" / "next").write_text(NEXT)
    with supervised(folder / "events.sqlite", secrets_folder=str(folder / "secrets")) as running:
        yield running


def stream_with(relay: RunningRelay, mode: SignatureMode, *secrets: str) -> Stream:
    with closing(open_event_log(f"sqlite:{relay.path}", serving=False)) as log:
        name = f"{mode.value}-{len(log.streams())}"
        rule = SigningRule(mode, secrets=secrets or ("present", "next"))
        ingest = create_ingest_token(log, stream=name, signing=rule)
        reader = create_reader_token(log, streams=[name])
    return Stream(relay.url, name, ingest.token, reader.token)


def test_require_takes_what_is_signed_and_nothing_else(relay: RunningRelay) -> None:
    stream = stream_with(relay, SignatureMode.REQUIRE)
    webhook = signed(RECEIPT, at=time.time())
    assert stream.post("d", RECEIPT).status == 401
    assert stream.post("d", webhook | {"status": "failed"}).status == 401
    assert (
        stream.post("d", signed(RECEIPT, algorithm=SignatureAlgorithm.MD5HASH, at=time.time())).status == 401
    )
    assert stream.post("d", signed(RECEIPT, at=time.time() - 97 * 3600)).status == 401
    assert stream.post("d", b"{unreadable").status == 401
    assert stream.events() == []
    assert stream.get("d").status == 200, "the gateway's reachability check is not signed"
    assert stream.post("d", webhook).status == 200
    assert stream.post("d", json.dumps(webhook).encode(), JSON).status == 200
    (event,) = stream.events()
    assert (event["signature"], event["duplicates"]) == ("valid", 1)
    assert "flags" not in event


def test_prefer_takes_everything_and_says_what_it_is(relay: RunningRelay) -> None:
    stream = stream_with(relay, SignatureMode.PREFER)
    now = time.time()
    stream.post("d", signed(RECEIPT | {"messageId": "1"}, at=now))
    stream.post("d", signed(RECEIPT | {"messageId": "2"}, at=now) | {"status": "failed"})
    stream.post("d", RECEIPT | {"messageId": "3"})
    stream.post("d", signed(RECEIPT | {"messageId": "4"}, at=now - 3600))
    assert [(event["signature"], event.get("flags", [])) for event in stream.events()] == [
        ("valid", []),
        ("invalid", []),
        ("absent", []),
        ("valid", ["old"]),
    ]


def test_a_secret_that_is_not_there_is_answered_with_later(relay: RunningRelay) -> None:
    stream = stream_with(relay, SignatureMode.REQUIRE, "never-given")
    answer = stream.post("d", signed(RECEIPT))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


def test_a_replayed_webhook_adds_nothing(relay: RunningRelay) -> None:
    stream = stream_with(relay, SignatureMode.REQUIRE)
    webhook = signed(RECEIPT, at=time.time())
    for _ in range(50):
        assert stream.post("d", webhook).status == 200
    (event,) = stream.events()
    assert event["duplicates"] == 49


@pytest.mark.parametrize(
    "path_query,body,accepted",
    [
        # First of a name counts; what is appended is flagged and changes nothing.
        ("", "{good}&status=failed", "repeated"),
        ("", "status=failed&{good}", None),
        # What stands in the query too: the body counts, and what is only in the query is signed as well.
        ("?status=failed", "{good}", "conflict"),
        ("?extra=1", "{good}", None),
        # Another case is another name, and not signed.
        ("", "{good}&Status=failed", None),
        # `;` divides nothing.
        ("", "{good};status=failed", None),
        ("", "{good}&a%3D1%26b=2", None),
    ],
)
def test_smuggled_parameters_are_refused_or_flagged(
    relay: RunningRelay, path_query: str, body: str, accepted: str | None
) -> None:
    from urllib.parse import urlencode

    from tests.servers.relay.running import FORM, ask

    stream = stream_with(relay, SignatureMode.REQUIRE)
    text = body.format(good=urlencode(signed(RECEIPT, at=time.time())))
    answer = ask(relay.url, "POST", stream.path("d") + path_query, text.encode(), FORM)
    assert answer.status == (401 if accepted is None else 200)
    events = stream.events()
    assert [event["payload"]["status"] for event in events] == ["delivered"] * len(events)
    assert [event["flags"] for event in events] == ([] if accepted is None else [[accepted]])
