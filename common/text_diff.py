"""What changed between two Japanese texts, word by word: kept, removed and added runs that read in order.

Japanese has no spaces, so a text is cut where its kind of letters changes: a run of kanji, of katakana, of digits, of
Latin letters is one piece, hiragana goes letter by letter, and every sign stands alone. Long texts are compared
sentence by sentence first, so that a moved or new sentence does not tear the others apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LIKE = 0.5  # two sentences that share so much of their pieces are one sentence that was changed
_PIECE = re.compile(
    r"[0-9０-９][0-9０-９,，.．]*|[A-Za-zＡ-Ｚａ-ｚ]+|[ァ-ヴー]+|[一-鿿々〆ヶ㐀-䶿豈-龎]+|[ぁ-ん]|\s+|.", re.DOTALL
)
_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")


class Change(StrEnum):
    """What became of a run of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Run:
    """A piece of text that was kept, removed or added as a whole."""

    change: Change
    text: str


def diff(before: str, after: str) -> list[Run]:
    """Return the runs from `before` to `after` in reading order; a removed run stands before what replaced it.

    The kept and removed runs joined are `before`, the kept and added ones `after`, to the letter. Line ends are
    compared as \\n.
    """
    old, new = (text.replace("\r\n", "\n") for text in (before, after))
    return _joined(_sentences(_SENTENCE.findall(old), _SENTENCE.findall(new)))


def changed(runs: Sequence[Run]) -> bool:
    """Whether anything was removed or added."""
    return any(run.change != Change.KEPT for run in runs)


def side(runs: Sequence[Run], *, old: bool) -> list[Run]:
    """Return the runs of one side, for two columns: the old text with what was removed, or the new one with what was
    added."""
    hidden = Change.ADDED if old else Change.REMOVED
    return [run for run in runs if run.change != hidden]


def _sentences(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run(Change.KEPT, "".join(old[a:b]))
        elif kind == "replace":
            yield from _pairs(old[a:b], new[c:d])
        else:
            yield from _whole(old[a:b], new[c:d])


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Sentences that are like each other piece by piece, in order; the rest as a whole."""
    start = 0
    for text in old:
        pieces = _PIECE.findall(text)
        likes = [(SequenceMatcher(None, pieces, _PIECE.findall(one), autojunk=False).ratio(), -n, n)
                 for n, one in enumerate(new[start:], start)]  # fmt: skip
        best = max(likes, default=(0.0, 0, 0))
        if best[0] >= LIKE:
            yield from _whole([], new[start : best[2]])
            yield from _pieces(pieces, _PIECE.findall(new[best[2]]))
            start = best[2] + 1
        else:
            yield Run(Change.REMOVED, text)
    yield from _whole([], new[start:])


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Run(Change.KEPT, "".join(old[a:b]))
        else:
            yield from _whole(old[a:b], new[c:d])


def _whole(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    if old:
        yield Run(Change.REMOVED, "".join(old))
    if new:
        yield Run(Change.ADDED, "".join(new))


def _joined(runs: Iterator[Run]) -> list[Run]:
    """Neighbouring runs of one kind as one; between two kept runs what was removed stands before what was added."""
    found: list[Run] = []
    removed, added = "", ""

    def close() -> None:
        nonlocal removed, added
        if removed:
            found.append(Run(Change.REMOVED, removed))
        if added:
            found.append(Run(Change.ADDED, added))
        removed, added = "", ""

    for run in runs:
        if run.change == Change.REMOVED:
            removed += run.text
        elif run.change == Change.ADDED:
            added += run.text
        else:
            close()
            if found and found[-1].change == Change.KEPT:
                found[-1] = Run(Change.KEPT, found[-1].text + run.text)
            else:
                found.append(run)
    close()
    return found
