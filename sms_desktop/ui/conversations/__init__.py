"""The list of conversations and the bubbles of one.

Models that hold a window of the store, and the views that paint them.
"""
