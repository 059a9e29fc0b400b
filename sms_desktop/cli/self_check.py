"""`smsctl self-check`: prove that this installation works."""

from __future__ import annotations

import click

from sms_desktop.cli.output import print_json, print_text


@click.command("self-check")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def self_check(as_json: bool) -> int:
    """Prove that this installation works, from sending to the reply.

    In a temporary store: starts the sandbox's servers, sends one message of every kind, waits for receipts and a
    reply, and looks at resources, TLS, keyring and window. Takes at most 30 seconds; nothing leaves this computer.
    """
    from sms_desktop.background.self_check import run

    report = run()
    if as_json:
        print_json(report.document())
    else:
        for step in report.steps:
            print_text(f"{step.status:<12}{step.name:<22}{step.milliseconds:>6} ms  {step.detail}")
        print_text("All is well." if report.ok else "Something failed: see above.")
    return 0 if report.ok else 1
