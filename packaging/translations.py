#!/usr/bin/env python3
"""Collects the window's sentences and compiles their plural forms: `translations.py`.

Run by hand after changing a sentence.

`resources/translations/sms_desktop_en.ts` holds only sentences with a number: English needs "1 part" and "3
parts". Another language begins with the full list (`translations.py --full FILE.ts`), its sentences to be
filled in. Qt's own lupdate does not find the plural forms of `QCoreApplication.translate` in Python, so the
sources are read here.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ENGLISH = ROOT / "resources" / "translations" / "sms_desktop_en.ts"

from sms_desktop.messages.states import STATE_WORDS


@dataclass(frozen=True, order=True)
class Sentence:
    """A sentence as it stands in the source, and where it is looked up."""

    context: str
    source: str
    plural: bool


def main(arguments: list[str]) -> int:
    """Collect and compile; return an exit status."""
    found = {Sentence("State", word, plural=False) for word in STATE_WORDS.values()}
    for file in sorted((ROOT / "sms_desktop" / "ui").rglob("*.py")):
        found |= set(_sentences(ast.parse(file.read_text(encoding="utf-8"))))
    if arguments[:1] == ["--full"]:
        _write(Path(arguments[1]), sorted(found), english=False)
        return 0
    _write(ENGLISH, sorted(sentence for sentence in found if sentence.plural), english=True)
    tool = Path(PySide6.__file__).parent / "lrelease"
    subprocess.run([str(tool), "-silent", str(ENGLISH), "-qm", str(ENGLISH.with_suffix(".qm"))], check=True)
    return 0


def _sentences(module: ast.Module) -> Iterator[Sentence]:
    """Every `self.tr(...)`, `translate(...)`, and call of a module's own `_tr(...)`."""
    own = next(
        (
            _context_of(node)
            for node in module.body
            if isinstance(node, ast.FunctionDef) and node.name == "_tr"
        ),
        "",
    )
    for top in module.body:
        context = top.name if isinstance(top, ast.ClassDef) else ""
        for node in ast.walk(top):
            match node:
                case ast.Call(func=ast.Attribute(attr="tr"), args=[ast.Constant(value=str(text)), *more]):
                    yield Sentence(context, text, plural=len(more) == 2)
                case ast.Call(
                    func=ast.Attribute(attr="translate"),
                    args=[ast.Constant(value=str(there)), ast.Constant(value=str(text)), *more],
                ):
                    yield Sentence(there, text, plural=len(more) == 2)
                case ast.Call(func=ast.Name(id="_tr"), args=[ast.Constant(value=str(text))]):
                    yield Sentence(own, text, plural=False)


def _context_of(function: ast.FunctionDef) -> str:
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(attr="translate"), args=[ast.Constant(value=str(context)), *_]):
                return context
    return ""


def _write(file: Path, sentences: list[Sentence], *, english: bool) -> None:
    root = ET.Element("TS", version="2.1", sourcelanguage="en")
    if english:
        root.set("language", "en")
    contexts: dict[str, ET.Element] = {}
    for sentence in sentences:
        if sentence.context not in contexts:
            contexts[sentence.context] = ET.SubElement(root, "context")
            ET.SubElement(contexts[sentence.context], "name").text = sentence.context
        message = ET.SubElement(contexts[sentence.context], "message")
        if sentence.plural:
            message.set("numerus", "yes")
        ET.SubElement(message, "source").text = sentence.source
        translation = ET.SubElement(message, "translation")
        if not english:
            translation.set("type", "unfinished")
            continue
        for form in (sentence.source.replace("(s)", ""), sentence.source.replace("(s)", "s")):
            ET.SubElement(translation, "numerusform").text = form
    tree = ET.ElementTree(root)
    ET.indent(tree, " ")
    tree.write(file, encoding="utf-8", xml_declaration=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
