"""The three lists that headquarters keeps about national schemes, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from .models import HubDesignation, UndeclaredHub, ZoneStatusOverride


@dataclass(frozen=True)
class Records:
    """Designated hubs, undeclared hubs, overrides of a prefecture, newest first."""

    hubs: list[HubDesignation]
    undeclared: list[UndeclaredHub]
    overrides: list[ZoneStatusOverride]


def records_of(prefecture: str) -> Records:
    """Read the lists in three queries."""
    return Records(
        list(HubDesignation.objects.filter(municipality__prefecture=prefecture).select_related("municipality")),
        list(
            UndeclaredHub.objects.filter(municipality__prefecture=prefecture)
            .select_related("municipality")
            .order_by("-valid_from")
        ),
        list(
            ZoneStatusOverride.objects.filter(municipality__prefecture=prefecture)
            .select_related("municipality")
            .order_by("-valid_from")
        ),
    )
