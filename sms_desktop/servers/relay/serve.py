"""Runs the relay until it is told to stop. Called by cli."""

from __future__ import annotations

import logging
from contextlib import ExitStack

import msgspec

from sms_desktop.messages.errors import Mendable
from sms_desktop.messages.transport import is_loopback
from sms_desktop.servers import lifecycle
from sms_desktop.servers.connection import MOST_CONNECTIONS
from sms_desktop.servers.logs import log_as_json
from sms_desktop.servers.relay.app import RelayApp
from sms_desktop.servers.relay.configuration import Settings, place_of
from sms_desktop.servers.relay.metrics import Metrics
from sms_desktop.servers.relay.metrics_server import MetricsServer
from sms_desktop.servers.relay.place import open_event_log
from sms_desktop.servers.relay.sending import TakenProtocol
from sms_desktop.servers.relay.tokens import adopt_tokens

_KEEP_ALIVE_SECONDS = 10
_LEAST_FREE_MIB_AT_HOME = 64
# Files and sockets of our own beside connections: log, its locks, pipes, readers.
_OTHER_DESCRIPTORS = 64

_logger = logging.getLogger(__name__)


def serve_supervised() -> None:
    """Serve as a line of JSON on standard input says, until that input ends: its writer stopped us, or died.

    Raises Mendable or TryLater before the ready line, nothing after it.
    """
    settings = lifecycle.read_supervised(Settings)
    if settings.least_free_mib == Settings().least_free_mib:
        # On a person's own computer, whose disk is its owner's business.
        settings = msgspec.structs.replace(settings, least_free_mib=_LEAST_FREE_MIB_AT_HOME)
    serve(settings, until_stdin_ends=True)


def serve(settings: Settings, *, until_stdin_ends: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; print the one ready line when connections are accepted.

    Raises Mendable for a host that is not loopback unless a TLS proxy stands before it, for a port that is
    taken, for a log that can't be used; StoreFailing for one that is locked.
    """
    if not (settings.behind_tls_proxy and not until_stdin_ends) and not is_loopback(settings.host):
        raise Mendable(
            f"host: on {settings.host} phone numbers and texts would travel unencrypted. Use 127.0.0.1 with "
            "a TLS proxy before it, or say --behind-tls-proxy if one stands there already.",
            field="host",
        )
    conduct = settings.conduct()
    log_as_json()
    log = open_event_log(place_of(settings.log), serving=True)
    try:
        for stream in settings.streams:
            adopt_tokens(
                log, stream=stream.name, ingest_token=stream.ingest_token, reader_token=stream.reader_token
            )
        bound = lifecycle.listen(settings.host, settings.port)
        watched = (
            lifecycle.listen(settings.metrics_host, settings.metrics_port) if settings.metrics_port else None
        )
    except BaseException:
        log.close()
        raise
    metrics = Metrics()
    app = RelayApp(log, conduct=conduct, metrics=metrics)
    room = _raise_descriptor_limit() - _OTHER_DESCRIPTORS

    class Protocol(TakenProtocol):
        most_connections = min(MOST_CONNECTIONS, room)

    with ExitStack() as beside:
        if watched is not None:
            beside.enter_context(MetricsServer(watched, metrics=metrics, log=log))
        lifecycle.serve(
            app,
            bound=bound,
            on_ready=lifecycle.print_ready,
            on_stopping=app.stop_waiting,
            until_stdin_ends=until_stdin_ends,
            http=Protocol,
            keep_alive_seconds=_KEEP_ALIVE_SECONDS,
            most_connections=2 * MOST_CONNECTIONS,  # ours answers first, and says when to come again
        )
    _logger.info("stopped in order")


def _raise_descriptor_limit() -> int:
    """Ask for as many file descriptors as the system lets us have; returns how many there are."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return MOST_CONNECTIONS + _OTHER_DESCRIPTORS
    wanted = MOST_CONNECTIONS + _OTHER_DESCRIPTORS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft
