"""In which encoding a text file is written, and which characters cp932 and Unicode call by different names.

Excel in Japan writes CSV as cp932 (never strict Shift_JIS: ①Ⅰ㈱ exist only there), as UTF-8 with a BOM, or as UTF-16
("Unicode text"); other programs write UTF-8 without a BOM.
"""

from __future__ import annotations

import codecs
import re

from .messages import Unreadable

UTF8 = "utf-8"
CP932 = "cp932"
UTF16 = "utf-16"
ENCODINGS = {UTF8: "UTF-8", CP932: "Shift_JIS（cp932）", UTF16: "UTF-16"}  # what a person may choose
SAMPLE = 4096
BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]")  # the last: what cp932 leaves open

# Characters that look alike but are different code points: the left one comes from JIS, the right one from cp932.
TWINS = str.maketrans({"〜": "～", "−": "－", "—": "―", "‖": "∥", "¢": "￠", "£": "￡", "¬": "￢", "¥": "￥"})


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text without its BOM, and the key of `ENCODINGS` it was read with.

    `encoding` is what a person chose; None detects.
    Raises Unreadable: E-02 not detectable, E-49 the choice does not fit.
    """
    if encoding is not None:
        key = _key(encoding)
        text = _try(data, _variant(data, key))
        if text is None:
            raise Unreadable("E-49", encoding=ENCODINGS.get(key, encoding))
        return text, key
    for key in _candidates(data):
        text = _try(data, _variant(data, key))
        if text is not None and _plausible(text, key, data):
            return text, key
    raise Unreadable("E-02")


def readable(data: bytes) -> str | None:
    """Return the text in the first encoding that fits at all, likely or not; None where none does."""
    texts = (_try(data, _variant(data, key)) for key in _candidates(data))
    return next((text for text in texts if text is not None), None)


def _candidates(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return [UTF8]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:SAMPLE]:
        return [UTF16]
    return [UTF8, CP932]


def _key(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise Unreadable("E-49", encoding=encoding) from None
    return {"utf-8-sig": UTF8, "shift_jis": CP932, "utf-16-le": UTF16, "utf-16-be": UTF16}.get(name, name)


def _variant(data: bytes, key: str) -> str:
    """Return the codec for the key: with BOM or without, and for UTF-16 the order of the bytes."""
    if key == UTF8:
        return "utf-8-sig"
    if key == UTF16 and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sample = data[:SAMPLE]
        return "utf-16-be" if sample[0::2].count(0) > sample[1::2].count(0) else "utf-16-le"
    return key


def _try(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None
    return None if BINARY.search(text) else text


def _plausible(text: str, key: str, data: bytes) -> bool:
    """Say whether the text can be meant: no UTF-8 with a fault read as cp932 (縺ゅ＞), no UTF-16 by chance."""
    if key == CP932:
        return sum(map(text.count, "縺繧繝")) * 20 <= len(text)
    if key == UTF16 and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "\n" in text and ("," in text or "\t" in text)
    return True
