"""One relay for all tests of a file; each test makes streams of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.relay.running import RunningRelay, Stream, supervised


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRelay]:
    with supervised(tmp_path_factory.mktemp("relay") / "events.sqlite") as running:
        yield running


@pytest.fixture
def stream(relay: RunningRelay) -> Stream:
    return relay.stream()
