"""Contacts: what people call a number."""
