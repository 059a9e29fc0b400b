"""smsctl: everything the window can do, on the command line. The terminal's composition root.

One module a command group, loaded when its command is called, so that `smsctl segments` does not wait for a
server.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback

import click

import sms_desktop
from sms_desktop.cli.output import as_utf8, discard_output, print_error, print_json, say
from sms_desktop.messages.errors import OurFault, OutcomeUnknown, SmsDesktopError

_COMMANDS = {
    "balance": "Show what is left on an account.",
    "connect": "Lead an account's replies and receipts to its relay, and prove it.",
    "numbers": "List an account's own numbers.",
    "pricing": "Show what a message to a country costs.",
    "profiles": "Accounts by name, with their secrets in the keyring.",
    "contacts": "Names, notes and tags for numbers; vCard and CSV in and out.",
    "conversations": "List and find conversations.",
    "encode": "Show the octets of a message as they go over the air.",
    "export": "Write messages as CSV, JSON lines or HTML.",
    "inspect": "Read octets: a PDU, or the header and body of a message.",
    "messages": "List and show messages, send again, take back, say that one arrived.",
    "opt-outs": "Numbers that are not to be contacted.",
    "payloads": "List the sample payloads of binary messages.",
    "relay": "Run a relay, and make tokens for it.",
    "requests": "Whole messages by name, in plain files; curl commands taken in.",
    "sandbox": "Run the sandbox gateway.",
    "segments": "Count the parts of a text, and say what each costs.",
    "self-check": "Prove that this installation works, from sending to the reply.",
    "send": "Send a message and watch it arrive.",
    "sign": "Sign parameters with the signature secret.",
    "store": "Check, rebuild, back up, restore and salvage what is kept.",
    "templates": "Texts with {{variables}}, by name.",
    "verify": "Check the signature of a webhook or request.",
}


class _Commands(click.Group):
    """Loads a command's module when it is called; `--help` of the group loads none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command called `cmd_name`, loaded now, or None."""
        if cmd_name not in _COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"sms_desktop.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands for `--help`."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(_COMMANDS.items()))


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(sms_desktop.__version__, prog_name="smsctl")
def smsctl() -> None:
    """Send SMS, watch receipts, and see every octet.

    With --json a command prints one JSON document on standard output and nothing else there. Secrets come
    from the keyring or from SMSCTL_API_SECRET and the like, never from arguments.

    Exit status: 0 done, submitted or delivered; 1 refused, failed or invalid; 2 wrong usage; 3 outcome
    unknown.

    \b
    The shell completes commands, kinds and options after one of these lines:
      eval "$(_SMSCTL_COMPLETE=bash_source smsctl)"     in ~/.bashrc
      eval "$(_SMSCTL_COMPLETE=zsh_source smsctl)"      in ~/.zshrc
      _SMSCTL_COMPLETE=fish_source smsctl | source      in ~/.config/fish/config.fish
    """  # noqa: D301 - click's own mark for lines to keep


def main(arguments: list[str] | None = None) -> None:
    """Run smsctl and exit with its status."""
    _fill_closed_streams()
    sys.exit(run([as_utf8(argument) for argument in sys.argv[1:]] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run smsctl with `arguments` and return its exit status."""
    as_json = "--json" in arguments
    try:
        result = smsctl.main(args=arguments, prog_name="smsctl", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except SmsDesktopError as error:
        print_error(error, as_json=as_json)
        return 3 if isinstance(error, OutcomeUnknown) else 1
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return error.exit_code
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        if context is not None:
            say(context.get_usage())
        message = " ".join(error.format_message().split())  # click lists choices on lines of their own
        say(f"smsctl: {message}")
        if as_json:
            print_json({"error": {"field": None, "message": message, "hint": None}})
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        discard_output()  # its reader has left
        return 1
    except Exception as error:  # noqa: BLE001 -- scripts get their document whatever goes wrong
        traceback.print_exc()
        print_error(
            OurFault(
                f"A fault of this program: {type(error).__name__}.",
                hint="What stands above shows where. Report it with the version (smsctl --version).",
            ),
            as_json=as_json,
        )
        return 1


def _fill_closed_streams() -> None:
    """Put the null device where a standard stream was closed, so that no file of ours gets its number.

    Each is opened the wrong way round: what is read or written there fails in words, and is not lost in
    silence. Standard error only takes what nobody wants to see.
    """
    for number, name, mode, way in (
        (0, "stdin", "r", os.O_WRONLY),
        (1, "stdout", "w", os.O_RDONLY),
        (2, "stderr", "w", os.O_WRONLY),
    ):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, way)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            # Never closed: it stays open as long as the process.
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
