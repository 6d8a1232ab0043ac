"""The one work list: what every room offers, by due date; counted for the menu on every page.

Lines of `regions`, of the studio and of packages come from many tables: they are gathered anew only after something was
done in the portal. Every act leaves an audit event, so the number of the last one tells whether those found still hold.
"""

from __future__ import annotations

from functools import lru_cache

from common import audit, clock
from common.viewer import Duty, Viewer
from common.work import WorkItem, by_due
from regions import worklist as of_regions
from subsidies import worklist as of_subsidies
from subsidies.initiatives import assigned_to
from subsidies.studio.waiting import proposals_waiting
from subsidies.waiting_packages import disclosures_waiting

from .retention.waiting import lists_waiting


def items_for(viewer: Viewer, position: int | None = None) -> list[WorkItem]:
    """Return everything that waits for this person, the nearest due date first.

    `position` is `audit.position()` where the page has asked for it already.
    """
    return sorted([*of_subsidies.items_for(viewer), *_of_regions(viewer, position)], key=by_due)


def count_for(viewer: Viewer) -> int:
    """Return how many lines wait, as the menu shows it."""
    return of_subsidies.count_for(viewer) + len(_of_regions(viewer))


def _of_regions(viewer: Viewer, position: int | None = None) -> tuple[WorkItem, ...]:
    return _gathered(viewer, audit.position() if position is None else position, clock.today().isoformat())


@lru_cache(maxsize=2048)
def _gathered(viewer: Viewer, position: int, day: str) -> tuple[WorkItem, ...]:
    """`position` and `day` are what the answer depends on besides the viewer."""
    assigned = assigned_to(viewer) if viewer.has(Duty.MF) else ()
    return (
        *of_regions.items_for(viewer, assigned=assigned),
        *proposals_waiting(viewer),
        *disclosures_waiting(viewer),
        *lists_waiting(viewer),
    )
