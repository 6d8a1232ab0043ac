"""Which of the eligible sets stand first: those for which people have reasons.

A set comes before another when more of four reasons hold for it: all members are already together in a zone or a
region; all lie under one bureau; it differs from an existing region by few towns; all share a problem of the forecast.
Among equals the smaller change comes first, then the smaller set, then the one with more problems in common. It is an
order of suggestions, not of towns: no town is scored.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from subsidies.rules.facts import MemberFacts

from .tally import Gauge, Ints, Slot, Tally

FEW_CHANGES = 2
_FAR = 99  # towns by which a set differs from every existing region, at most; only its order matters


@dataclass(frozen=True)
class Group:
    """A region or zone that exists: its name and the codes of its members."""

    name: str
    members: frozenset[str]


@dataclass(frozen=True)
class Reasons:
    """Why people would accept a set, in words for the page; `change` names towns (joining, leaving) of a region."""

    texts: tuple[str, ...]
    region: str = ""
    joining: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()


class Ranking:
    """Measures the reasons of many sets at once, and says those of one in words."""

    def __init__(
        self,
        gauge: Gauge,
        *,
        together: Sequence[Group],
        regions: Sequence[Group],
        problems: Mapping[str, Collection[str]],
    ) -> None:
        """Take the groups in which towns already work together, the regions that a set may change, and the codes of
        the towns with each problem."""
        self.groups, self.regions, self.problems = together, regions, problems

        def groups_of(town: MemberFacts) -> list[int]:
            return [at for at, group in enumerate(together) if town.code in group.members]

        def bureau_of(town: MemberFacts) -> list[str]:
            return [town.bureau] if town.bureau else []

        def problems_of(town: MemberFacts) -> list[str]:
            return [name for name, towns in problems.items() if town.code in towns]

        self._together, self._bureau = gauge.shared(groups_of), gauge.shared(bureau_of)
        self._problems = gauge.shared(problems_of)
        self._overlaps = [(_overlap(gauge, region), len(region.members)) for region in regions]

    def keys(self, sets: Tally) -> Ints:
        """One whole number a set; the greater stands first."""
        change = np.full(len(sets), _FAR, np.int64)
        for slot, members in self._overlaps:
            change = np.minimum(change, sets.size + members - 2 * sets.count(slot))
        shared = sets.common(self._problems)
        reasons = (
            sets.shares(self._together).astype(np.int64)
            + sets.shares(self._bureau)
            + (change <= FEW_CHANGES)
            + (shared > 0)
        )
        return ((reasons * 100 + (_FAR - change)) * 100 + (_FAR - sets.size)) * 100 + shared

    def reasons(self, members: Sequence[MemberFacts]) -> Reasons:
        """The reasons of one set in words."""
        codes = {member.code for member in members}
        names = list(dict.fromkeys(group.name for group in self.groups if codes <= group.members))
        texts = [f"すでに{'・'.join(names[:3])}で連携"] if names else []
        bureaus = {member.bureau for member in members}
        if len(bureaus) == 1 and (bureau := members[0].bureau_name):
            texts.append(f"同じ{bureau}の管内")
        nearest = min(self.regions, key=lambda region: len(codes ^ region.members), default=None)
        found = Reasons(())
        if nearest is not None and len(codes ^ nearest.members) <= FEW_CHANGES:
            joining, leaving = sorted(codes - nearest.members), sorted(nearest.members - codes)
            texts.append(_change_text(nearest.name, len(joining), len(leaving)))
            found = Reasons((), nearest.name, tuple(joining), tuple(leaving))
        if shared := [name for name, towns in self.problems.items() if codes <= set(towns)]:
            texts.append(f"課題が共通（{'・'.join(shared)}）")
        return Reasons(tuple(texts), found.region, found.joining, found.leaving)


def _overlap(gauge: Gauge, region: Group) -> Slot:
    return gauge.count(lambda town: town.code in region.members)


def _change_text(name: str, joining: int, leaving: int) -> str:
    if not joining and not leaving:
        return f"今の{name}と同じ構成"
    parts = [f"{joining}市町村が加わる" if joining else "", f"{leaving}市町村が抜ける" if leaving else ""]
    return f"{name}に近い構成（{'、'.join(part for part in parts if part)}）"
