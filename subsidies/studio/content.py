"""Changes to the content of a draft ruleset, as pure functions: content in, new content out.

A rule is named by its id (N-12); a part without an id of its own by the rule it stands in and its places (N-12.0.1).
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.errors import Refused

from ..rules.values import Parameter, Value

Content = dict[str, Any]
Raw = dict[str, Any]
GONE = "この要件はもうありません。ほかの人が消したか、番号を変えました。要件の一覧で確かめてください。"


@dataclass(frozen=True)
class Place:
    """One row of the tree as a list shows it: its address, its raw row, how deep it stands and in which combination."""

    address: str
    row: Mapping[str, Any]
    depth: int
    outer: str
    first: bool
    last: bool

    @property
    def combine(self) -> str:
        return combine_of(self.row)


def fingerprint(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content; two contents with the same one judge alike."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def combine_of(row: Mapping[str, Any]) -> str:
    """「all」 or 「any」 of a combination, empty for a single rule."""
    return next((key for key in ("all", "any") if key in row), "")


def parts_of(row: Mapping[str, Any]) -> list[Raw]:
    """The rows that a combination holds; none for a single rule."""
    parts = row.get(combine_of(row)) if combine_of(row) else None
    return list(parts) if isinstance(parts, list) else []


def places(content: Mapping[str, Any]) -> list[Place]:
    """Every row with its address, outer before inner, in the order of the ruleset."""
    return list(_walk(content.get("rules") or [], "", 0))


def _walk(rows: Sequence[Raw], outer: str, depth: int) -> Iterator[Place]:
    for number, row in enumerate(rows):
        address = str(row.get("id") or f"{outer}.{number}")
        yield Place(address, row, depth, outer, number == 0, number == len(rows) - 1)
        yield from _walk(parts_of(row), address, depth + 1)


def row_at(content: Mapping[str, Any], address: str) -> Raw:
    """The raw row of this address. Raises Refused."""
    for place in places(content):
        if place.address == address:
            return dict(place.row)
    raise Refused(GONE)


def _siblings(content: Content, address: str) -> tuple[list[Raw], int]:
    """The list in which the row stands, and its place there; to be changed in place."""

    def look(rows: list[Raw], outer: str) -> tuple[list[Raw], int] | None:
        for number, row in enumerate(rows):
            own = str(row.get("id") or f"{outer}.{number}")
            if own == address:
                return rows, number
            if combine_of(row) and (found := look(row[combine_of(row)], own)):
                return found
        return None

    found = look(content.setdefault("rules", []), "")
    if found is None:
        raise Refused(GONE)
    return found


def with_row(content: Mapping[str, Any], address: str, row: Raw) -> Content:
    """Put this row in the place of another one."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    rows[at] = row
    return new


def with_added(content: Mapping[str, Any], row: Raw, within: str = "") -> Content:
    """Add a row at the end, of the ruleset or of a combination."""
    new = copy.deepcopy(dict(content))
    if not within:
        new.setdefault("rules", []).append(row)
        return new
    rows, at = _siblings(new, within)
    if not combine_of(rows[at]):
        raise Refused("組合せではない要件の中には加えられません。")
    rows[at][combine_of(rows[at])].append(row)
    return new


def without(content: Mapping[str, Any], address: str) -> Content:
    """Take a row away with everything in it. The last part of a combination stays."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    if len(rows) == 1 and rows is not new["rules"]:
        raise Refused("組合せの最後の1つは消せません。組合せごと消すか、組合せを解いてください。")
    del rows[at]
    return new


def moved(content: Mapping[str, Any], address: str, by: int) -> Content:
    """Move a row up (-1) or down (1) among its neighbours; at the end it stays."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    to = min(max(at + by, 0), len(rows) - 1)
    rows.insert(to, rows.pop(at))
    return new


def switched(content: Mapping[str, Any], address: str, *, on: bool) -> Content:
    """Switch a rule on or off; everything else of it stays as it is."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    rows[at].pop("enabled", None)
    if not on:
        rows[at]["enabled"] = False
    return new


def combined(content: Mapping[str, Any], addresses: Sequence[str], head: Raw, combine: str) -> Content:
    """Put several rows of the outermost level into one combination that stands where the first of them stood."""
    new = copy.deepcopy(dict(content))
    rows = new.setdefault("rules", [])
    chosen = [row for row in rows if row.get("id") in addresses]
    if len(chosen) < 2 or len(chosen) < len(set(addresses)):
        raise Refused("組み合わせる要件を、一番外側の要件から2つ以上選んでください。")
    if combine not in ("all", "any"):
        raise Refused("「すべて満たす」か「どれか1つを満たす」を選んでください。")
    at = rows.index(chosen[0])
    new["rules"] = [row for row in rows if row not in chosen]
    new["rules"].insert(at, {**head, combine: chosen})
    return new


def taken_apart(content: Mapping[str, Any], address: str) -> Content:
    """Undo a combination: its parts stand in its place, each with an id of its own."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    outer = rows[at]
    if not combine_of(outer):
        raise Refused("この要件は組合せではありません。")
    kept = ("wording", "source", "stage", "judged_at")
    parts = []
    for number, part in enumerate(parts_of(outer), 1):
        inherited = {key: outer[key] for key in kept if key in outer}
        parts.append({**inherited, **part, "id": part.get("id") or f"{outer.get('id', 'R')}-{number}"})
    rows[at : at + 1] = parts
    return new


def turned(content: Mapping[str, Any], address: str) -> Content:
    """Turn 「すべて満たす」 into 「どれか1つを満たす」 and back."""
    new = copy.deepcopy(dict(content))
    rows, at = _siblings(new, address)
    was = combine_of(rows[at])
    if not was:
        raise Refused("この要件は組合せではありません。")
    other = "any" if was == "all" else "all"
    rows[at] = {(other if key == was else key): value for key, value in rows[at].items()}
    return new


@dataclass(frozen=True)
class Given:
    """What stands in one line of the parameter table of a content: the value as read, or what is wrong with it."""

    value: Value
    source: str = ""
    note: str = ""
    is_set: bool = True
    problem: str = ""


def given(content: Mapping[str, Any], parameter: Parameter) -> Given:
    """Read one parameter of a content that may not be complete."""
    table = content.get("parameters") or {}
    if parameter.name not in table:
        return Given(None, is_set=False)
    raw = table[parameter.name]
    entry = raw if isinstance(raw, Mapping) else {"value": raw}
    source, note = str(entry.get("source", "")), str(entry.get("note", ""))
    try:
        return Given(parameter.read(entry.get("value")), source, note)
    except ValueError as wrong:
        return Given(None, source, note, problem=str(wrong))
