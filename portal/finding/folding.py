"""Spellings that mean the same become one: width, case, kana, letters with twins, dashes, commas in numbers, spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from common.fiscal_year import FiscalYear
from common.sheets.values import name_key, widen_kana
from common.yen import parse_yen
from municipalities.kana import hiragana

MOST_WORDS = 8
LONGEST = 100
_DASHES = str.maketrans(dict.fromkeys("‐‑–—―−﹣-", "-"))
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_AMOUNT = re.compile(r"[¥金]?[▲△-]?[\d,.]+(?:円|[千万億]円?|百万円?)?")
_BRACKETED = 60  # characters of a snippet on each side of the word


@dataclass(frozen=True)
class Word:
    """One word of a question: as folded, and as which amount (yen) or fiscal year it also reads."""

    folded: str
    amount: int | None
    year: int | None


@dataclass(frozen=True)
class Question:
    """What was asked: the words, all of which must be found, and the whole of it as one name."""

    plain: str
    words: tuple[Word, ...]

    @property
    def whole(self) -> str:
        return "".join(word.folded for word in self.words)


def fold(text: str) -> str:
    """Return the text in the one form in which it is compared; lines stay lines.

    >>> fold("ニセコ町　第１２号\\n金8,640,000円")
    'にせこ町第12号\\n金8640000円'
    """
    return "\n".join(map(_line, text.splitlines()))


def ask(text: str) -> Question:
    """Return the question a person typed; words beyond the eighth and letters beyond the hundredth are left out."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())[:LONGEST]
    words = [Word(_line(word), _amount(word), _year(word)) for word in plain.split()[:MOST_WORDS]]
    return Question(plain, tuple(word for word in words if word.folded))


def readable(text: str) -> str:
    """Return the text as it is kept for showing: composed, half-width kana widened, so that letters fold one by one."""
    return widen_kana(unicodedata.normalize("NFC", text))


def snippet(shown: str, question: Question) -> list[tuple[str, bool]]:
    """Return the first line that holds a word, shortened around it, as (piece, whether it was found)."""
    needles = _needles(question)
    for line in shown.splitlines():
        folded = _line(line)
        if not any(needle in folded for needle in needles):
            continue
        spans = marks(line, question)
        if any(found for _, found in spans):
            return _shortened(spans)
    return []


def marks(line: str, question: Question) -> list[tuple[str, bool]]:
    """Cut a line into pieces: what was found (True) and what stands between (False)."""
    folded, places = _places(line)
    hit = [False] * len(line)
    for needle in _needles(question):
        start = folded.find(needle)
        while start >= 0:
            for place in range(places[start], places[start + len(needle) - 1] + 1):
                hit[place] = True
            start = folded.find(needle, start + len(needle))
    pieces: list[tuple[str, bool]] = []
    for char, found in zip(line, hit, strict=True):
        if pieces and pieces[-1][1] == found:
            pieces[-1] = (pieces[-1][0] + char, found)
        else:
            pieces.append((char, found))
    return pieces


def _needles(question: Question) -> list[str]:
    needles = [word.folded for word in question.words]
    needles += [f"{word.amount}円" for word in question.words if word.amount is not None]
    return needles + [f"{word.year}年度" for word in question.words if word.year is not None]


def _line(line: str) -> str:
    wide = unicodedata.normalize("NFKC", line).casefold()
    return _COMMA.sub("", hiragana(name_key(wide)).translate(_DASHES))


@lru_cache(maxsize=10_000)
def _letter(char: str) -> str:
    return _line(char)


def _places(line: str) -> tuple[str, list[int]]:
    """The folded line, and for each of its letters the place in the line it comes from."""
    folded, places = "", []
    for place, char in enumerate(line):
        if char in ",，" and folded[-1:].isdigit() and line[place + 1 : place + 2].isdigit():
            continue
        one = _letter(char)
        folded += one
        places += [place] * len(one)
    return folded, places


def _shortened(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    first = next(index for index, (_, found) in enumerate(pieces) if found)
    before = "".join(text for text, _ in pieces[:first])
    head = [("…" + before[-_BRACKETED:] if len(before) > _BRACKETED else before, False)] if before else []
    kept, room = head, _BRACKETED * 2
    for text, found in pieces[first:]:
        if room <= 0:
            break
        kept.append((text if len(text) <= room else text[:room] + "…", found))
        room -= len(text)
    return kept


def _amount(word: str) -> int | None:
    """864万, 8640千円, 8,640,000 as yen; None for short plain numbers, which are rather codes and days."""
    if not _AMOUNT.fullmatch(word) or (word.isdigit() and len(word) < 4):
        return None
    plain = word.removeprefix("¥")
    try:
        return parse_yen(plain + "円" if plain[-1] in "千万億" else plain)
    except ValueError:
        return None


def _year(word: str) -> int | None:
    try:
        return int(FiscalYear.parse(word))
    except ValueError:
        return None
