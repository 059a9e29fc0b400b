"""What a relay is told: by options, by the environment, by a file; in this order. Called by cli and serve."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.options import CALLBACK_MAXIMUM
from sms_desktop.servers.relay.admission import networks
from sms_desktop.servers.relay.app import Conduct
from sms_desktop.servers.relay.retention import retention
from sms_desktop.servers.relay.signatures import SecretShelf

_PREFIX = "SMSCTL_RELAY_"
_DSN = "SMSCTL_RELAY_DSN"
_LONGEST_FILE = 256 * 1024
_PATH_OCTETS = len("/h/") + 22 + len("/d")
_NUMBERS = (
    "webhooks_per_second",
    "least_free_mib",
    "keep_days",
    "keep_days_at_most",
    "keep_mib_at_most",
    "keep_events_at_most",
)
_PASSWORD_WORD = re.compile(r"(^|[\s&?])(password|sslpassword)\s*=", re.IGNORECASE)


class StreamTokens(msgspec.Struct, frozen=True):
    """A stream and the tokens that the supervising program made for it."""

    name: str
    ingest_token: str
    reader_token: str

    def __repr__(self) -> str:
        return f"StreamTokens(name={self.name!r})"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to serve and where; also the line that a supervising program writes to standard input.

    log                  sqlite:PATH, or postgresql://... without a password; "" for SMSCTL_RELAY_DSN
    host, port           where to listen; port 0 takes any free one
    behind_tls_proxy     a proxy that speaks TLS stands before a host that is not loopback
    public_url           the address of that proxy, to see early that callbacks will not be too long
    trusted_proxies      addresses or networks whose `X-Forwarded-For` is believed
    metrics_host, metrics_port      where /metrics answers; port 0 is nowhere
    secrets_folder       where signature secrets lie, one in a file; by default $CREDENTIALS_DIRECTORY
    webhooks_per_second  more of one token are answered with 429; 0 is no limit
    least_free_mib       with less room on the disk webhooks are answered with 503
    keep_days            events that every reader has are kept so long
    keep_days_at_most, keep_mib_at_most, keep_events_at_most      so much is kept for a reader that is late
    """

    log: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    behind_tls_proxy: bool = False
    public_url: str = ""
    trusted_proxies: Sequence[str] = ()
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    secrets_folder: str = ""
    webhooks_per_second: float = 0
    least_free_mib: int = 512
    keep_days: float = 14
    keep_days_at_most: float = 30
    keep_mib_at_most: int = 5 * 1024
    keep_events_at_most: int = 10_000_000
    streams: Sequence[StreamTokens] = ()

    def conduct(self) -> Conduct:
        """How a relay of these settings behaves. Raises Mendable."""
        for name in _NUMBERS:
            if not 0 <= getattr(self, name) < 10**9:
                raise Mendable(f"{name}: use a number from 0 up.", field=name)
        folder = self.secrets_folder or os.environ.get("CREDENTIALS_DIRECTORY", "")
        return Conduct(
            least_free_octets=self.least_free_mib * 1024 * 1024,
            retention=retention(
                days=self.keep_days,
                greatest_days=self.keep_days_at_most,
                most_mib=self.keep_mib_at_most,
                most_events=self.keep_events_at_most,
            ),
            trusted_proxies=networks(self.trusted_proxies),
            webhooks_per_second=self.webhooks_per_second,
            secrets=SecretShelf(Path(folder) if folder else None),
        )


def gather(
    options: Mapping[str, object], *, file: Path | None, environment: Mapping[str, str] = os.environ
) -> Settings:
    """Settings from options (those that were given), the environment, and a TOML file. Raises Mendable."""
    found: dict[str, object] = {}
    if file is not None:
        found |= _read(file)
        if "streams" in found:
            raise Mendable(f"config: streams can't be set in {file}.", field="config")
    found |= _from_environment(environment)
    found |= {name: value for name, value in options.items() if value is not None}
    try:
        settings = msgspec.convert(found, Settings, strict=False)
    except msgspec.ValidationError as error:
        # msgspec names the place and the types, never a value.
        raise Mendable(f"The relay's settings can't be read. {error}", field="config") from None
    check_place(settings.log)
    _check_public_url(settings.public_url)
    return settings


def place_of(log: str, *, environment: Mapping[str, str] = os.environ) -> str:
    """The log to open: as named, else `SMSCTL_RELAY_DSN`. Raises Mendable."""
    check_place(log)
    dsn = environment.get(_DSN, "")
    if log:
        return log
    if dsn:
        return dsn
    raise Mendable(
        f"log: name the log, sqlite:PATH or postgresql://..., or set {_DSN} for one with a password.",
        field="log",
    )


def check_place(log: str) -> None:
    """Refuse a password in a place that others can see. Raises Mendable."""
    if not log.startswith(("postgres:", "postgresql:")):
        return
    try:
        parts = urlsplit(log)
        has_password = parts.password is not None
    except ValueError:
        has_password = True
    if has_password or _PASSWORD_WORD.search(unquote(log)):
        raise Mendable(
            "log: a password can't stand in an argument or a settings file. Use PGPASSFILE or PGSERVICE, or "
            f"give the whole address in {_DSN}.",
            field="log",
        )


def _read(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as stream:
            return tomllib.loads(stream.read(_LONGEST_FILE).decode())
    except OSError as error:
        raise Mendable(f"config: {file} can't be read ({error.strerror}).", field="config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Mendable(f"config: {file} is not TOML.", field="config") from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in Settings.__struct_fields__:
        value = environment.get(_PREFIX + name.upper())
        if value is None or name == "streams":
            continue
        found[name] = value.replace(",", " ").split() if name == "trusted_proxies" else value
    return found


def _check_public_url(url: str) -> None:
    if not url:
        return
    longest = CALLBACK_MAXIMUM - _PATH_OCTETS
    if not url.startswith("https://") or len(url.rstrip("/")) > longest:
        raise Mendable(
            f"public_url: use an https:// address of at most {longest} characters: with a token behind it, "
            f"it must fit into the {CALLBACK_MAXIMUM} characters that a callback may have.",
            field="public_url",
        )
