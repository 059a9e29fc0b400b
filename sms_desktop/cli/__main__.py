"""`python -m sms_desktop.cli`: smsctl from a source tree, and how background starts the embedded servers."""

from sms_desktop.cli import main

main()
