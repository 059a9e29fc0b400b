"""The only threads of the program, without Qt.

tasks           work for the window: runs it on a thread and delivers the result
sender          sends what waits, one profile each
poller          pulls a profile's events from its relay
supervisor      the embedded servers, as child processes
profile_lock    which process works for a profile
profile_worker  all of the above for one profile, under its lock
status          what a profile is doing, in words
feed            changes of the store, gathered and delivered

Results reach the window, or the command line, through the `deliver` callable that each is given.
"""
