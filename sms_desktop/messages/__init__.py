"""What is meant, and the words for it: kinds of message, addresses, options, statuses, states, errors.

Pure values without any I/O; every other room may use them.
"""
