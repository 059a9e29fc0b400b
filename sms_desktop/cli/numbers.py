"""`smsctl numbers`: the account's own numbers. Loaded by the group."""

from sms_desktop.cli.balance import numbers

__all__ = ["numbers"]
