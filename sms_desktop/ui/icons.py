"""Line icons, tinted and sharp at any device pixel ratio. Asked by everything that paints an icon."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sms_desktop.settings.paths import resource

_INK = b"currentColor"


class Icons:
    """Pixmaps by (name, ink, size, device pixel ratio), each rendered once.

    Qt's SVG renderer paints `currentColor` black, so the word is replaced by the ink before rendering.
    """

    def __init__(self) -> None:
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, ink: QColor, size: int, ratio: float) -> QPixmap:
        """The icon `name` in `ink`, `size` logical pixels wide and high."""
        key = (name, ink.rgba(), size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._render(name, ink, size, ratio)
        return found

    def paint(self, painter: QPainter, name: str, ink: QColor, x: float, y: float, size: int = 16) -> None:
        """Paint the icon with its upper left corner at (x, y)."""
        device = painter.device()
        painter.drawPixmap(round(x), round(y), self.pixmap(name, ink, size, device.devicePixelRatio()))

    def icon(self, name: str, ink: QColor, size: int = 16) -> QIcon:
        """A QIcon at the usual device pixel ratios, for menus and Qt's own controls."""
        icon = QIcon()
        for ratio in (1.0, 2.0):
            icon.addPixmap(self.pixmap(name, ink, size, ratio))
        return icon

    def _render(self, name: str, ink: QColor, size: int, ratio: float) -> QPixmap:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource(f"icons/{name}.svg").read_bytes()
        renderer = QSvgRenderer(QByteArray(source.replace(_INK, ink.name().encode())))
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, pixmap.width(), pixmap.height()))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
