"""The simulator panel: the window's hands on the sandbox."""
