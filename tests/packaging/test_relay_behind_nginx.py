"""What stands under packaging/relay works: the unit is one, and nginx passes webhooks over TLS."""

from __future__ import annotations

import http.client
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sms_desktop.relay.client import RelayClient
from sms_desktop.servers.relay.configuration import gather
from tests.faults.kills import tokens
from tests.servers.relay.postgresql import free_port
from tests.servers.relay.running import PATIENCE, RunningRelay, served

PACKAGING = Path(__file__).parents[2] / "packaging/relay"
NUMBER, TEXT = "31655512345", "canary-text-of-a-stranger"


def test_the_unit_is_one(tmp_path: Path) -> None:
    unit = tmp_path / "smsctl-relay.service"
    text = (PACKAGING / unit.name).read_text()
    # Verified where the program is, since it need not be installed where the tests run.
    unit.write_text(text.replace("/opt/sms-desktop/bin/smsctl", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if "smsctl-relay" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True, check=False
    )
    exposure = float(rated.stdout.rpartition("Overall exposure level for")[2].split(": ")[1].split()[0])
    assert exposure < 2.0, rated.stdout.splitlines()[-1]


def test_the_example_settings_are_settings() -> None:
    settings = gather({}, file=PACKAGING / "relay.toml", environment={})
    assert settings.log.startswith("sqlite:")
    settings.conduct()
    assert tomllib.loads((PACKAGING / "relay.toml").read_text())["port"] == settings.port


@dataclass(frozen=True)
class Proxy:
    """nginx in front of a relay; `folder` holds everything that it writes."""

    port: int
    folder: Path
    authority: Path


@contextmanager
def nginx(relay: RunningRelay) -> Iterator[Proxy]:
    """Debian's nginx, unprivileged, with the example's server; its error log is kept, to look into it."""
    folder = Path(tempfile.mkdtemp(prefix="sms-desktop-nginx-"))
    folder.chmod(0o755)
    port = free_port()
    try:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
                *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            ],
            check=True,
            capture_output=True,
        )
        server = (PACKAGING / "nginx.conf").read_text()
        for old, new in (
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/letsencrypt/live/relay.example.com/fullchain.pem", str(folder / "cert.pem")),
            ("/etc/letsencrypt/live/relay.example.com/privkey.pem", str(folder / "key.pem")),
            ("/var/log/nginx/relay.log", str(folder / "access.log")),
            ("http://127.0.0.1:8081", relay.url),
        ):
            assert old in server
            server = server.replace(old, new)
        (folder / "relay.conf").write_text(server)
        temporary = "".join(
            f"    {kind}_temp_path {folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user www-data;\n" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log info;\n"
            "events { worker_connections 256; }\n"
            f"http {{\n{temporary}    include {folder}/relay.conf;\n}}\n"
        )
        if os.getuid() == 0:
            owner = pwd.getpwnam("www-data")
            for path in (folder, *folder.iterdir()):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program is not None, "nginx is not installed (Debian package nginx-light)"
        process = subprocess.Popen(
            [program, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
        )
        try:
            deadline = time.monotonic() + PATIENCE
            proxy = Proxy(port, folder, folder / "cert.pem")
            while True:
                try:
                    assert ask(proxy, "GET", "/healthz") == 200
                    break
                except OSError:
                    assert process.poll() is None, (folder / "error.log").read_text()
                    assert time.monotonic() < deadline
                    time.sleep(0.02)
            yield proxy
        finally:
            process.terminate()
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder)


def ask(proxy: Proxy, method: str, path: str, body: str = "", **headers: str) -> int:
    context = ssl.create_default_context(cafile=str(proxy.authority))
    connection = http.client.HTTPSConnection("localhost", proxy.port, timeout=PATIENCE, context=context)
    try:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[tuple[Proxy, str, str, RunningRelay]]:
    place = f"sqlite:{tmp_path / 'events.sqlite'}"
    path, (token,) = tokens(place)
    with served(place, "--trusted-proxy", "127.0.0.1") as relay, nginx(relay) as proxy:
        yield proxy, path, token, relay


def test_webhooks_pass_and_nothing_private_is_in_any_log(
    behind: tuple[Proxy, str, str, RunningRelay],
) -> None:
    proxy, path, token, relay = behind
    query = f"messageId=1&msisdn={NUMBER}&text={TEXT}"
    assert ask(proxy, "GET", f"{path}?{query}") == 200
    assert ask(proxy, "POST", path, query.replace("=1&", "=2&"), **{"X-Forwarded-For": "192.0.2.66"}) == 200
    assert ask(proxy, "POST", f"{path[:-3]}x/d?{query}", query) == 404
    assert ask(proxy, "POST", path, "x" * 70_000) == 413
    assert ask(proxy, "GET", f"{path}?{'x' * 9000}{TEXT}") == 414
    assert ask(proxy, "GET", f"/%zz/{TEXT}/{NUMBER}") == 400
    client = RelayClient(
        base_url=f"https://localhost:{proxy.port}",
        stream="main",
        reader_token=token,
        ca_file=str(proxy.authority),
    )
    with closing(client):
        page = client.page(None, wait=0)
        assert [event.payload["messageId"] for event in page.events] == ["1", "2"]
        # A request that waits is not cut short by the proxy.
        woken: list[str] = []
        waiting = threading.Thread(
            target=lambda: woken.append(client.page(page.next, wait=20).events[0].payload["messageId"])
        )
        waiting.start()
        assert ask(proxy, "GET", f"{path}?messageId=3&status=delivered") == 200
        waiting.join()
        assert woken == ["3"]
    relay.process.terminate()
    relay.process.wait(PATIENCE)
    # The relay is gone: the proxy's own failure is logged by nobody either.
    assert ask(proxy, "GET", f"{path}?{query}") == 502
    logs = b"".join(file.read_bytes() for file in proxy.folder.glob("*.log")) + b"".join(relay.said)
    assert (proxy.folder / "access.log").read_text().count("\n") >= 7
    for secret in (NUMBER, TEXT, path.split("/")[2], token):
        assert secret.encode() not in logs


def test_the_address_of_the_sender_is_the_proxy_s_word(behind: tuple[Proxy, str, str, RunningRelay]) -> None:
    proxy, path, token, relay = behind
    assert ask(proxy, "GET", f"{path}?messageId=1&status=x", **{"X-Forwarded-For": "192.0.2.66"}) == 200
    place = relay.url.removeprefix("http://")
    connection = http.client.HTTPConnection(place, timeout=PATIENCE)
    connection.request("GET", "/v1/streams/main/events/1/raw", headers={"Authorization": f"Bearer {token}"})
    assert b'"peer":"127.0.0.1"' in connection.getresponse().read()
    connection.close()
