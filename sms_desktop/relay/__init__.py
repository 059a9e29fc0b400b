"""The relay as a console sees it: wire types, the client, its errors. Called by services and background.

events   what travels: pages, events, cursors, tokens; the relay server uses it too
client   pulls pages by long poll, over a connection that can be cut at once
errors   what can go wrong, by what to do about it
addresses, proof   where the gateway reaches a stream, and the proof that it does
"""
