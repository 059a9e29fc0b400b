"""`smsctl self-check`: prove that this installation works."""

from __future__ import annotations

import click

from sms_desktop.cli.output import print_text


@click.command("self-check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def self_check(as_json: bool) -> int:
    """Prove that this installation works, from sending to the reply.

    In a temporary store: starts the sandbox's servers, sends one message of every kind, waits for receipts
    and a reply, and looks at resources, TLS, keyring and window. Takes at most 30 seconds; nothing leaves
    this computer.
    """
    from sms_desktop.background.self_check import run

    report = run()
    print_text((report.as_json() if as_json else report.as_text()).rstrip("\n"))
    return 0 if report.ok else 1
