"""All addresses of the room, under the namespace `regions`.

The list and the page of a region show what `subsidies` knows too: their views live in `portal`, which puts them before
these under the same namespace.
"""

from .views import (
    agreement_acts,
    agreement_draft,
    agreements,
    groups,
    life,
    meeting_parts,
    meetings,
    plans,
    projects,
    records,
    regions,
    stages,
    vision_parts,
    visions,
    zones,
)

urls = [
    *regions.urls,
    *life.urls,
    *groups.urls,
    *agreements.urls,
    *agreement_acts.urls,
    *agreement_draft.urls,
    *visions.urls,
    *vision_parts.urls,
    *projects.urls,
    *plans.urls,
    *meetings.urls,
    *meeting_parts.urls,
    *stages.urls,
    *records.urls,
    *zones.urls,
]
