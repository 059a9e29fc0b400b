"""The language of the window: English with its plural forms, or the system's where it is there.

Called by the main window.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from sms_desktop.messages.errors import OurFault
from sms_desktop.settings.paths import resource

_NAME = "sms_desktop_translator"


def speak(application: QCoreApplication) -> None:
    """Install the translation for the system's language, once; English where there is none."""
    if application.findChild(QTranslator, _NAME) is not None:
        return
    translator = QTranslator(application)
    translator.setObjectName(_NAME)
    for language in (QLocale().name(), QLocale().name().split("_")[0], "en"):
        try:
            file = resource(f"translations/sms_desktop_{language}.qm")
        except OurFault:
            continue
        if translator.load(str(file)):
            application.installTranslator(translator)
            return
