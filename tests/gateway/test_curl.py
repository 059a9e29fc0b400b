"""curl commands read back: what commands writes, what people paste, and what is hostile."""

from __future__ import annotations

import shlex
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_desktop.gateway import curl, shell_words
from sms_desktop.gateway.auth import Auth, Basic, SecretInBody
from sms_desktop.gateway.commands import CommandFormat, command
from sms_desktop.gateway.request import Wire, build
from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.message import Text
from sms_desktop.messages.options import Options
from sms_desktop.messages.providers import Provider
from sms_desktop.messages.wire import RequestFormat

CANARY = "Zq7CanaryOf9Secrets"
URL = "https://rest.nexmo.com/sms/json"
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(_TEXTS, _TEXTS, st.sampled_from(RequestFormat), st.booleans())
def test_what_commands_writes_reads_back(text: str, sender: str, wire: RequestFormat, basic: bool) -> None:
    auth: Auth = Basic("abcd1234", CANARY) if basic else SecretInBody("abcd1234", CANARY)
    request = build(
        Text(text),
        sender=sender,
        to="31612345678",
        options=Options(ttl=60_000, callback="https://example.com/h/token/d", client_ref="a'b\"c"),
        provider=Provider.VONAGE,
        base_url=None,
        auth=auth,
        wire=Wire(wire),
    ).masked()
    found = curl.read(command(request, CommandFormat.CURL))
    expected = {name: value for name, value in request["parameters"].items() if name != "api_secret"}
    assert found.parameters == expected
    assert (found.method, found.url) == (request["method"], request["url"])
    assert found.api_secret is None
    assert found.proof == ("basic" if basic else "body")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"))))
def test_words_are_read_as_a_shell_would(words: list[str]) -> None:
    quoted = shlex.join(words)
    assert shell_words.read(quoted).words == tuple(shlex.split(quoted))


@given(st.text(alphabet="ab \\'\"$\t=-" + string.digits, max_size=30))
def test_quotes_and_backslashes_as_shlex_reads_them(text: str) -> None:
    if "$" in text:
        return
    try:
        expected = tuple(shlex.split(text))
    except ValueError:
        expected = None
    try:
        found = shell_words.read(text).words
    except Mendable:
        found = None
    if text.rstrip(" \t").endswith("\\") or text.endswith("\\"):
        return  # shlex calls a last backslash an error; a shell keeps it
    assert found == expected


@given(st.lists(st.sampled_from([*"curl -dGHuX'\"$\\^`|&;<>(){}@=%\n\r\t#", "--data ", "--json ", URL])))
def test_any_text_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(Mendable):
        curl.read(f"curl {''.join(pieces)}")


@pytest.mark.parametrize(
    "pasted, parameters",
    [
        (f"curl {URL} -d text=Hi%20there+you -d 'to=316'", {"text": "Hi there you", "to": "316"}),
        (f"curl -X POST '{URL}' \\\n  -d \"text=a\\\"b\" \\\n  --data to=1", {"text": 'a"b', "to": "1"}),
        (f"curl -G {URL} --data-urlencode 'text=50% & more=fun'", {"text": "50% & more=fun"}),
        (f"curl '{URL}?text=a&to=2'", {"text": "a", "to": "2"}),
        (f"curl {URL} --data-raw $'text=it\\'s \\u00e9 \\xc3\\xa9\\n'", {"text": "it's é é\n"}),
        (f"curl {URL} --data-raw '@file=1'", {"@file": "1"}),
        (f'curl --json \'{{"text":"Hi","ttl":60000,"trusted-number":true}}\' {URL}',
         {"text": "Hi", "ttl": "60000", "trusted-number": "true"}),
        (f"curl -H 'Content-Type: application/json' -d '{{\"text\":\"a=b&c\"}}' {URL}", {"text": "a=b&c"}),
        (f"$ curl -sSXPOST {URL} -dtext=x | jq .", {"text": "x"}),
        (f"curl.exe {URL} -F text=x -F card=@/etc/passwd", {"text": "x"}),
        (f"curl {URL} -d @/etc/passwd -d text=x -K /etc/hosts -o /tmp/y", {"text": "x"}),
        (f'curl {URL} -d "text=$TEXT" -d to=1', {"text": "$TEXT", "to": "1"}),
        (f"curl {URL} -d text=a -d text=b", {"text": "b"}),
        ("curl rest.nexmo.com/sms/json -d text=a", {"text": "a"}),
        (f"curl {URL} -d 'text=a' # a word about it", {"text": "a"}),
        (f"curl {URL} \\\r\n -d 'text=a\r\nb' \\\r\n -d \"to=1\\\r\n2\"\r\n", {"text": "a\r\nb", "to": "12"}),
    ],
)  # fmt: skip
def test_commands_as_people_have_them(pasted: str, parameters: dict[str, str]) -> None:
    assert curl.read(pasted).parameters == parameters


@pytest.mark.parametrize(
    "pasted, said",
    [
        ("", "no curl command"),
        ("wget https://example.com", "no curl command"),
        ("curl", "no address"),
        (f"curl {URL} -d 'text={CANARY}", "not closed"),
        (f'curl {URL} -d "text={CANARY}', "not closed"),
        (f"curl {URL} -d $'text={CANARY}", "not closed"),
        (f"curl {URL} -d $'text={CANARY}\\", "not closed"),
        (f"curl {URL} -d text=$(cat /etc/{CANARY})", "Nothing is run"),
        (f'curl {URL} -d "text=`{CANARY}`"', "Nothing is run"),
        (f"curl {URL} <({CANARY})", "from elsewhere"),
        (f"curl {URL} ^\n -d text={CANARY}", "Windows"),
        (f'curl ^"{URL}^" -d text={CANARY}', "Windows"),
        (f"curl {URL} `\n -d text={CANARY}", "PowerShell"),
        (f"curl {URL}?api_secret={CANARY}&to=1", "quotes"),
        (f"curl {URL} --{CANARY}", "Word 3"),
        (f"curl {URL} -u key:{CANARY} -d", "without its value"),
        (f"curl {URL} {CANARY}", "more than one address"),
        (f"curl {URL} -d a=1 --next -d b={CANARY} {URL}", "--next"),
        (f"curl -X DELETE {URL}?a={CANARY}", "another method"),
        (f"curl -I {URL}", "head only"),
        (f"curl ftp://{CANARY}/", "none of http"),
        (f"curl 'http://[{CANARY}'", "can't be read"),
        (f"curl 'http://host:{CANARY}/'", "can't be read"),
        (f"curl {URL} --json '{CANARY}'", "no JSON"),
        (f"curl {URL} --json '[\"{CANARY}\"]'", "no JSON object"),
        (f"curl {URL} --json '{'[' * 100_000}'", "no JSON"),
        (f'curl {URL} --json \'{{"a":"\\ud800{CANARY}"}}\'', "surrogate"),
        (f"curl {URL} -d text=%FF{CANARY}", "not UTF-8"),
        (f"curl {URL} -d $'text=\\xff{CANARY}'", "not UTF-8"),
        (f"curl {URL} -d $'text=\\ud800{CANARY}'", "none of"),
        (f"curl {URL} -d '{'a=1&' * 300}'", "more than 200"),
        (f"curl {URL} -d 'text={CANARY * 30_000}'", "at most"),
    ],
)
def test_what_is_refused_is_said_without_its_values(pasted: str, said: str) -> None:
    with pytest.raises(Mendable) as refused:
        curl.read(pasted)
    assert said in refused.value.message
    assert CANARY not in f"{refused.value!r} {refused.value.message} {refused.value.hint}"
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    "pasted, proof",
    [
        (f"curl {URL} -u abcd1234:{CANARY}", "basic"),
        (f"curl {URL} --user 'abcd1234:{CANARY}'", "basic"),
        (f"curl https://abcd1234:{CANARY}@rest.nexmo.com/sms/json", "basic"),
        (f"curl {URL} -H 'Authorization: Basic YWJjZDEyMzQ6WnE3Q2FuYXJ5T2Y5U2VjcmV0cw=='", "basic"),
        (f"curl {URL} -d api_key=abcd1234 -d api_secret={CANARY}", "body"),
        (f"curl {URL} -d api_key=abcd1234 --data-urlencode API-Secret={CANARY}", "body"),
        (f"curl '{URL}?api_key=abcd1234&api_secret={CANARY}'", "body"),
        (f'curl {URL} --json \'{{"api_key":"abcd1234","api_secret":"{CANARY}"}}\'', "body"),
    ],
)
def test_the_secret_is_held_apart(pasted: str, proof: str) -> None:
    found = curl.read(pasted)
    assert (found.api_key, found.api_secret, found.proof) == ("abcd1234", CANARY, proof)
    assert CANARY not in f"{found!r} {found.parameters} {found.left_out} {found.url}"


@pytest.mark.parametrize(
    "pasted",
    [
        f"curl {URL} -d text=x -d sig={CANARY} -d timestamp=1 -d password={CANARY}",
        f"curl {URL} -d text=x -H 'Authorization: Bearer {CANARY}' -H 'X-Key: {CANARY}' -b {CANARY}",
        f"curl {URL} -d text=x -d {CANARY} --oauth2-bearer {CANARY} -U a:{CANARY} -E x:{CANARY}",
        f"{CANARY}=1 curl {URL} -d text=x --url-query '+{CANARY}' | tee {CANARY}",
    ],
)
def test_other_secrets_are_dropped(pasted: str) -> None:
    found = curl.read(pasted)
    assert found.parameters == {"text": "x"}
    assert CANARY not in f"{found!r} {found.left_out}"
    assert found.left_out


@pytest.mark.parametrize("secret", ["***", "$SMSCTL_API_SECRET", ""])
def test_what_stands_for_a_secret_is_none(secret: str) -> None:
    assert curl.read(f'curl {URL} -u "abcd1234:{secret}"').api_secret is None
