"""The fonts of papers: those in `fonts/` and no other, so that a letter looks the same on every machine.

BIZ UDMincho, BIZ UDPMincho and BIZ UDPGothic (SIL Open Font License, `fonts/OFL.txt`). Fontconfig is started on
`fonts/fonts.conf`, which names that folder alone: a font of the machine can never slip into a letter, and a character
that our fonts lack becomes an error instead of another machine's guess.
"""

import os
from functools import cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont
from weasyprint.text.fonts import FontConfiguration

FOLDER: Path = settings.BASE_DIR / "fonts"
_UNDRAWN = frozenset(map(ord, "\n\r\t\u00a0\u00ad\u200b\ufeff"))  # white space and break marks need no glyph


@cache
def configuration() -> FontConfiguration:
    """Return the one shared font configuration. The caller holds the rendering lock: Pango is not thread-safe."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    try:
        return FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _drawable() -> frozenset[int]:
    """Return the code points that every font of the folder can draw."""
    covers = [set(TTFont(path, lazy=True).getBestCmap()) for path in sorted(FOLDER.glob("*.ttf"))]
    return frozenset(set.intersection(*covers)) | _UNDRAWN


def undrawable(text: str) -> str:
    """Return the characters of `text` that our fonts cannot draw, each once, in order of appearance."""
    known = _drawable()
    return "".join(dict.fromkeys(character for character in text if ord(character) not in known))
