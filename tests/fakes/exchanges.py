"""What became of a request, judged by the gateway room's own verdict from evidence that a test names."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sms_desktop.gateway.evidence import Evidence, Exchange, Failure, Phase, judge
from sms_desktop.services.delivery import Ready

ACCEPTED: dict[str, str] = {"status": "0"}


def answer(*parts: dict[str, str]) -> bytes:
    """The body of an answer with these parts."""
    return json.dumps({"message-count": str(len(parts)), "messages": parts}).encode()


def accepted(*ids: str) -> bytes:
    """The body of an answer that accepts a part for each id."""
    return answer(
        *({"status": "0", "message-id": each, "message-price": "0.0333", "network": "20408"} for each in ids)
    )


def answered(
    ready: Ready, body: bytes, *, http_status: int = 200, retry_after: str | None = None
) -> Exchange:
    """The gateway answered."""
    evidence = Evidence(
        phase=Phase.ANSWERED,
        wrote=True,
        limit_seconds=60,
        http_status=http_status,
        retry_after=retry_after,
        body=body,
    )
    return judge(ready.request, evidence, started_us=1_800_000_000_000_000, ended_us=1_800_000_000_100_000)


def broken(ready: Ready, phase: Phase, failure: Failure, *, http_status: int | None = None) -> Exchange:
    """The exchange ended before its time in `phase`."""
    evidence = Evidence(
        phase=phase,
        wrote=phase not in {Phase.CONNECTING, Phase.TLS},
        limit_seconds=60,
        failure=failure,
        http_status=http_status,
    )
    return judge(ready.request, evidence, started_us=1_800_000_000_000_000, ended_us=1_800_000_000_100_000)


def statuses(codes: Sequence[str]) -> bytes:
    """The body of an answer with one part for each status; accepted ones have the ids G1, G2 ..."""
    return answer(
        *(
            {"status": code, "message-id": f"G{index}"}
            if code == "0"
            else {"status": code, "error-text": "Words."}
            for index, code in enumerate(codes, start=1)
        )
    )
