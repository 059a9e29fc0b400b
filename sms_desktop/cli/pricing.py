"""`smsctl pricing`: what a message to a country costs. Loaded by the group."""

from sms_desktop.cli.balance import pricing

__all__ = ["pricing"]
