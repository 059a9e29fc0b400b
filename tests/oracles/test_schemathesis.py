"""schemathesis against the sandbox, by the gateway's own document (SMS API 1.5.0, beside this file).

No 5xx, no answer that the document does not describe. The document contradicts itself, and the gateway, in
five rows, which are mended or left out here:

- an answer is `oneOf` SMS and Error, yet without required members every answer is both: `anyOf` is meant;
- it knows HTTP 200 alone: refused messages, and those without credentials, are answered with 200 and a status
  (`Error`), where schemathesis asks for a 4xx;
- it has POST alone, where the older reference has GET too;
- it has no answer for another format than its two, nor for a body without parameters: 404 and 400 are ours;
- it requires `text` of every type, and calls every type's parameters optional.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.servers.sandbox.running import SECRET, supervised

DOCUMENT = Path(__file__).with_name("sms-api-1.5.0.json")
CONTRADICTED = (
    "ignored_auth,missing_required_header,negative_data_rejection,allow_header_conformance,unsupported_method"
)


def mended(document: Any) -> Any:
    """The document with `anyOf` for `oneOf`."""
    if isinstance(document, dict):
        return {"anyOf" if name == "oneOf" else name: mended(value) for name, value in document.items()}
    return [mended(value) for value in document] if isinstance(document, list) else document


def test_no_answer_that_the_document_does_not_describe(tmp_path: Path) -> None:
    described = tmp_path / "sms.json"
    document = mended(json.loads(DOCUMENT.read_bytes()))
    answers = document["paths"]["/sms/{format}"]["post"]["responses"]
    answers |= {"404": {"description": "Another format"}, "400": {"description": "No parameters"}}
    described.write_text(json.dumps(document))
    with supervised(api_key="abcd1234") as running:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", described, "--url", running.url),
                *("--auth", f"abcd1234:{SECRET}", "--exclude-checks", CONTRADICTED),
                *("--phases", "examples,coverage,fuzzing", "--max-examples", "100", "--seed", "1"),
                *("--generation-database", "none", "--no-color"),
            ],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            cwd=tmp_path,
        )
        log = b"".join(running.log)
    assert done.returncode == 0, done.stdout
    assert b"canary" not in log
    assert b'"level": "error"' not in log
