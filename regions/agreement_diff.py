"""Two versions of an agreement side by side, article by article, with the words that went out and came in.

Both are contents of D-23 (`papers.agreement`), as frozen. Japanese has no spaces: a text is cut into runs of one kind
of character (漢字, ひらがな, カタカナ, figures, Latin letters), so that a change shows as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from common.fiscal_year import wareki

Content = Mapping[str, Any]
SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
TOO_SHORT = 2  # characters: the の between two changes is no reason to read three pieces
WORDS = {SAME: "同じ", CHANGED: "変更", ADDED: "追加", REMOVED: "削除"}
_TOKEN = re.compile(r"[一-龠々〆ヶ]+|[ぁ-ん]+|[ァ-ヴー]+|[0-9０-９,.，．]+|[A-Za-zＡ-Ｚａ-ｚ]+|\s|.", re.DOTALL)


@dataclass(frozen=True)
class Segment:
    """A run of text: `kind` is same, ins or del."""

    kind: str
    text: str


@dataclass(frozen=True)
class Line:
    """One row of the comparison: what it is about, and both texts with their marks."""

    title: str
    state: str
    old: tuple[Segment, ...]
    new: tuple[Segment, ...]

    @property
    def word(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True)
class Section:
    """Rows that belong together: 条文, 別表."""

    title: str
    lines: tuple[Line, ...]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.state != SAME]


@dataclass(frozen=True)
class Comparison:
    """All sections; `joined` and `left` are the names of parties that came in and went out."""

    sections: tuple[Section, ...]
    joined: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def changes(self) -> int:
        return sum(len(section.changed) for section in self.sections)


def compare(old: Content, new: Content) -> Comparison:
    """Lay two contents side by side; what is the same stands there too, marked so."""
    was, now = ([one["name"] for one in content["signatories"]] for content in (old, new))
    frame = [
        _line("題名", old["head"]["heading"][0], new["head"]["heading"][0]),
        _line("当事者", "、".join(was), "、".join(now)),
        _line("対象分野", _fields(old), _fields(new)),
        _line("有効期間の最終日", _day(old["valid_until"]), _day(new["valid_until"])),
        _line("立会人", old["witness"], new["witness"]),
    ]
    sections = (
        Section("当事者と期間", _kept(frame)),
        Section("条文", tuple(_articles(old["clauses"], new["clauses"]))),
        Section("別表の取組と役割分担", tuple(_by_name(_initiatives(old), _initiatives(new)))),
        Section("費用負担の割合", tuple(_by_name(_shares(old), _shares(new)))),
    )
    return Comparison(
        tuple(section for section in sections if section.lines),
        tuple(name for name in now if name not in was),
        tuple(name for name in was if name not in now),
    )


def segments(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Return both texts in runs: what only the old one has is del, what only the new one has is ins."""
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    left: list[Segment] = []
    right: list[Segment] = []
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    for at, (tag, i1, i2, j1, j2) in enumerate(blocks):
        between = 0 < at < len(blocks) - 1
        same = tag == "equal" and not (between and len("".join(was[i1:i2])) <= TOO_SHORT)
        _add(left, "same" if same else "del", was[i1:i2])
        _add(right, "same" if same else "ins", now[j1:j2])
    return tuple(left), tuple(right)


def _add(runs: list[Segment], kind: str, tokens: Sequence[str]) -> None:
    """Add a run of tokens, to the last one where that is of the same kind."""
    if tokens:
        before = runs.pop().text if runs and runs[-1].kind == kind else ""
        runs.append(Segment(kind, before + "".join(tokens)))


def _line(title: str, old: str, new: str) -> Line:
    state = SAME if old == new else REMOVED if not new else ADDED if not old else CHANGED
    left, right = segments(old, new)
    return Line(title, state, left, right)


def _kept(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Rows that say something in one of the two."""
    return tuple(line for line in lines if line.old or line.new)


def _articles(old: Sequence[Content], new: Sequence[Content]) -> Iterable[Line]:
    """Articles by their lasting key in the new order; those that went out follow where they stood last."""
    was = {_key(row): row for row in old}
    seen = set()
    for row in new:
        before = was.get(_key(row))
        seen.add(_key(row))
        title = _title(row)
        if before is not None and before["number"] != row["number"]:
            title += f"（前は第{before['number']}条）"
        yield _line(title, _text(before) if before else "", _text(row))
    for row in old:
        if _key(row) not in seen:
            yield _line(_title(row), _text(row), "")


def _key(row: Content) -> str:
    return str(row["key"] or row["heading"])


def _title(row: Content) -> str:
    return f"第{row['number']}条　{row['heading']}"


def _text(row: Content) -> str:
    """An article as one text: heading, paragraphs with their numbers, items."""
    lines = [f"（{row['heading']}）"]
    for one in row["paragraphs"]:
        lines.append(one["text"] if one["number"] == 1 else f"{one['number']}　{one['text']}")
        lines += [f"({n}) {item}" for n, item in enumerate(one["items"], 1)]
    return "\n".join(lines)


def _by_name(old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[Line]:
    for name in dict.fromkeys([*new, *old]):
        yield _line(name, old.get(name, ""), new.get(name, ""))


def _initiatives(content: Content) -> dict[str, str]:
    found = {}
    for row in content["initiatives"]:
        lines = [f"分野：{'、'.join(row['fields'])}" if row["fields"] else "", row["outline"]]
        lines += [f"事務局：{row['secretariat']}" if row["secretariat"] else ""]
        lines += [f"{role['who']}：{role['text']}" for role in row["roles"]]
        found[row["name"]] = "\n".join(line for line in lines if line) or row["name"]
    return found


def _shares(content: Content) -> dict[str, str]:
    costs = content["costs"]
    if costs is None:
        return {}
    how = f"{costs['method']}（{costs['basis']}）" if costs["basis"] else costs["method"]
    return {"決め方": how} | {row["name"]: f"{row['percent']}％" for row in costs["rows"]}


def _fields(content: Content) -> str:
    kind = "大枠の協定。" if content["framework"] else ""
    return kind + ("、".join(content["fields"]) or "すべての分野")


def _day(iso: str | None) -> str:
    return wareki(date.fromisoformat(iso)) if iso else "定めない"
