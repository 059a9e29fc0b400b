"""Accounts in the window: choosing the profile, adding, changing and removing accounts, proving them."""
