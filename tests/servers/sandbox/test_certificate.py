"""TLS by a certificate made on the spot: trusted by who trusts its authority, its key on no disk."""

from __future__ import annotations

import http.client
import json
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sms_desktop.gateway.sandbox_control import SandboxControl
from sms_desktop.messages.errors import TryLater
from tests.servers.sandbox.running import CONTROL_TOKEN, PATIENCE, start


def test_https_that_only_its_own_authority_vouches_for() -> None:
    process = start("--tls", environment={"SMSCTL_API_SECRET": "s", "SMSCTL_SANDBOX_TOKEN": CONTROL_TOKEN})
    assert process.stdout is not None
    try:
        ready = json.loads(process.stdout.readline())
        authority = Path(ready["certificate"])
        assert [path.name for path in authority.parent.iterdir()] == ["authority.pem"]
        assert b"PRIVATE KEY" not in authority.read_bytes()
        port = urlsplit(ready["url"]).port
        trusting = ssl.create_default_context(cafile=authority)
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
        for host in ("127.0.0.1", "localhost"):
            connection = http.client.HTTPSConnection(host, port, context=trusting, timeout=PATIENCE)
            connection.request("GET", "/nowhere")
            assert connection.getresponse().status == 404
            connection.close()
        control = SandboxControl(url=ready["url"], token=CONTROL_TOKEN, ca_file=authority)
        assert control.state().api_key == "sandbox1"
        with pytest.raises(TryLater):
            SandboxControl(url=ready["url"], token=CONTROL_TOKEN).state()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert not authority.parent.exists()
