"""The kinds of rules as staff choose among them, each with the way in which it is usually written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..rules.kinds import KINDS, Kind
from ..rules.parameters import PARAMETERS
from .content import Content, Raw, given, places

MODULES = (
    ("territory", "地域とつながり"),
    ("decline", "人口"),
    ("years", "年度と年数"),
    ("documents", "協定・ビジョン・計画"),
    ("projects", "申請する市町村と取組"),
    ("costs", "経費"),
    ("grants", "交付額と予算"),
    ("human", "人による判断"),
)
"""The modules of `rules/kinds` with the headings under which their kinds are offered."""
HEAD = ("title", "wording", "source", "stage", "also", "severity", "judged_at", "restates")


@dataclass(frozen=True)
class Offer:
    """One kind to choose, and the rules of the draft that are of this kind already."""

    kind: Kind
    used: tuple[str, ...]


def catalogue(content: Content) -> list[tuple[str, list[Offer]]]:
    """Every kind under its heading."""
    used: dict[str, list[str]] = {}
    for place in places(content):
        used.setdefault(str(place.row.get("kind")), []).append(place.address)
    return [
        (title, [Offer(kind, tuple(used.get(kind.name, ()))) for kind in KINDS.values() if _module(kind) == module])
        for module, title in MODULES
    ]


def _module(kind: Kind) -> str:
    return kind.check.__module__.rsplit(".", 1)[-1]


def usual_row(kind: Kind, content: Content, others: Sequence[Content]) -> Raw:
    """A new row of this kind as another ruleset words it.

    References to lines of the table that this draft does not have become the values they had there.
    """
    for other in others:
        for place in places(other):
            if place.row.get("kind") == kind.name:
                found = {key: place.row[key] for key in HEAD if key in place.row}
                found |= {
                    key: _worded(text, content, other) for key, text in found.items() if key in ("title", "wording")
                }
                return found | {"id": "", "kind": kind.name, "parameters": _values(place.row, content, other)}
    return {"id": "", "title": kind.label, "kind": kind.name, "parameters": {}}


def _worded(text: str, content: Content, other: Content) -> str:
    """The words, with the other ruleset's value where they name a line of the table that this draft does not have."""

    def said(match: re.Match[str]) -> str:
        parameter = PARAMETERS.get(match[1])
        if parameter is None or given(content, parameter).is_set or not given(other, parameter).is_set:
            return match[0]
        return parameter.show(given(other, parameter).value)

    return re.sub(r"\{(\w+)\}", said, text)


def _values(row: Any, content: Content, other: Content) -> dict[str, Any]:
    known, theirs = content.get("parameters") or {}, other.get("parameters") or {}
    values = {}
    for key, raw in (row.get("parameters") or {}).items():
        if not isinstance(raw, str) or not raw.startswith("$") or raw == "$fields" or raw[1:] in known:
            values[key] = raw
        elif (entry := theirs.get(raw[1:])) is not None:
            values[key] = entry.get("value") if isinstance(entry, dict) else entry
    return values
