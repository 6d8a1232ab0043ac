"""Who touches whom, and whether some municipalities hang together, in constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q

from common import clock

from .models import Adjacency


def neighbours(codes: Collection[str] | None = None, on: date | None = None) -> dict[str, set[str]]:
    """Return for each code the codes it touches on the day (default: today), both ways round, in one query.

    With `codes` each of them is a key, also one that touches none (奥尻町, 礼文町); without, the whole country.
    """
    day = on or clock.today()
    pairs = Adjacency.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )
    if codes is not None:
        pairs = pairs.filter(Q(a__in=codes) | Q(b__in=codes))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in pairs.values_list("a", "b"):
        found[a].add(b)
        found[b].add(a)
    return dict(found) if codes is None else {code: found.get(code, set()) for code in codes}


def groups(codes: Iterable[str], touching: Mapping[str, Collection[str]]) -> list[list[str]]:
    """Return the codes in groups that hang together by land, largest first, each in code order."""
    left = set(codes)
    found: list[list[str]] = []
    while left:
        group, edge = set(), [min(left)]
        while edge:
            code = edge.pop()
            if code in left:
                left.remove(code)
                group.add(code)
                edge.extend(touching.get(code, ()))
        found.append(sorted(group))
    return sorted(found, key=lambda group: (-len(group), group))


def is_connected(codes: Collection[str], on: date | None = None) -> bool:
    """Whether one can walk from each of the municipalities to each other without leaving them (one query)."""
    return len(groups(codes, neighbours(codes, on))) <= 1
