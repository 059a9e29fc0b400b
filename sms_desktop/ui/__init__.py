"""The window: Qt widgets and the models behind them. Only `app` builds it; nothing below imports it.

`theme`, `fonts`, `icons`, `style` hold the look; `main_window` composes `conversations/` and `compose/`;
`reading` is the only door to the store.
"""
