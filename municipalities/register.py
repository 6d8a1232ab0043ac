"""The municipalities as a sheet names them: found by code first, by name only where the name is unique.

One `Register` is read per sheet (two queries) and asked for each row, so that a check costs no query per row.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from common.sheets.values import name_key
from common.viewer import SYSTEM, Viewer

from .models import Municipality, Prefecture


@dataclass(frozen=True)
class Register:
    """Every municipality by code, with the names it may be called by; `mine` are the codes the viewer may write."""

    names: dict[str, str]
    prefectures: dict[str, str]
    mine: frozenset[str] | None
    _called: dict[str, frozenset[str]]
    _named: dict[tuple[str, str], tuple[str, ...]]

    @classmethod
    def read(cls, viewer: Viewer | None = None, on: date | None = None) -> Register:
        """Read the register; with a viewer and a day also what that office is in charge of then."""
        prefectures = dict(Prefecture.objects.values_list("code", "name"))
        names: dict[str, str] = {}
        called: dict[str, frozenset[str]] = {}
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code, prefecture, name, district in Municipality.objects.values_list(
            "code", "prefecture", "name", "district"
        ):
            names[code] = name
            plain, full = name_key(name), name_key(district + name)
            whole = name_key(prefectures.get(prefecture, ""))
            called[code] = frozenset({plain, full, whole + plain, whole + full})
            for one in {plain, full}:
                named[prefecture, one].append(code)
        mine = None
        if viewer is not None and on is not None and not (viewer.is_prefecture or viewer is SYSTEM):
            mine = frozenset(Municipality.objects.in_charge_of(viewer, on).values_list("pk", flat=True))
        return cls(names, prefectures, mine, called, {key: tuple(sorted(codes)) for key, codes in named.items()})

    def __contains__(self, code: object) -> bool:
        return code in self.names

    def is_called(self, code: str, name: str) -> bool:
        """Whether the municipality may be called so: 当別町, 石狩郡当別町, 北海道石狩郡当別町."""
        return name_key(name) in self._called.get(code, ())

    def by_name(self, name: str, prefecture: str) -> tuple[str, ...]:
        """Return the codes of that name inside the prefecture: none, one, or several (泊村 in Hokkaido)."""
        plain = name_key(name).removeprefix(name_key(self.prefectures.get(prefecture, "")) or "\0")
        return self._named.get((prefecture, plain), ())

    def is_mine(self, code: str) -> bool:
        """Whether the viewer may write rows of the municipality; headquarters may write all."""
        return self.mine is None or code in self.mine
