"""`python -m sms_desktop`: the window."""

from sms_desktop.app import main

main()
