"""The relay is what its OpenAPI document says, as Schemathesis sees it; no 5xx but 503."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sms_desktop.servers.relay.log import ADMIN
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.tokens import create_ingest_token, create_reader_token
from tests.servers.relay.running import RunningRelay, Stream, ask, supervised

DOCUMENT = Path(__file__).parents[2] / "packaging/relay/openapi.yaml"
Case = schemathesis.Case[Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

schema = schemathesis.openapi.from_path(str(DOCUMENT))


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with supervised(tmp_path_factory.mktemp("relay") / "events.sqlite") as running:
        yield running


@pytest.fixture(scope="module")
def stream(relay: RunningRelay) -> Stream:
    with closing(open_event_log(f"sqlite:{relay.path}", serving=False)) as log:
        ingest = create_ingest_token(log, stream="main").token
        reader = create_reader_token(log, streams=["main"], scope=ADMIN).token
    return Stream(relay.url, "main", ingest, reader)


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_the_document_knows(case: Case, stream: Stream) -> None:
    if "token" in case.path_parameters:
        case.path_parameters["token"] = stream.ingest_token
    else:
        case.headers["Authorization"] = f"Bearer {stream.reader_token}"
    if "stream" in case.path_parameters:
        case.path_parameters["stream"] = "main"
    if case.query.get("stream") is not None:
        case.query["stream"] = "main"
        case.query["wait"] = "0"
    response = case.call(base_url=stream.url)
    assert response.status_code < 500 or response.status_code == 503
    case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize(
    "path", ["/docs", "/openapi.json", "/openapi.yaml", "/redoc", "/", "/metrics", "/v1"]
)
def test_no_documentation_and_no_metrics_are_served(path: str, stream: Stream) -> None:
    answer = ask(stream.url, "GET", path)
    assert (answer.status, answer.body) == (404, b"")
