"""The map beside the list of municipalities: what is chosen, what would help, in words too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.safestring import SafeString

from municipalities.maps import municipality_map

from .picking import Group


def choosing_map(
    groups: Iterable[Group],
    ticked: Collection[str],
    candidates: Collection[str],
    *,
    links: Mapping[str, str] | None = None,
) -> SafeString:
    """Draw the municipalities of these bureaus; `candidates` would turn the verdict, `links` tick and untick."""
    shown = list(groups)
    towns = {town.code: town for group in shown for town in group.towns}
    names = [town.name for code, town in towns.items() if code in ticked]
    helpful = [town.name for code, town in towns.items() if code in candidates]
    label = f"{'・'.join(group.name for group in shown)}管内の地図。{'・'.join(names) or 'なし'}を選択中"
    if helpful:
        label += f"。隣の{'・'.join(helpful)}のどれかを加えると要件に近づく"
    return municipality_map(
        list(towns),
        label=label,
        selected=[code for code in towns if code in ticked],
        zoned=[code for code, town in towns.items() if town.in_zone],
        candidates=[code for code in towns if code in candidates],
        links=links,
    )
