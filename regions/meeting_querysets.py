"""Named questions about what a conference keeps and what a bureau reads: members, open points, stages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.viewer import OfficeKind, Viewer

if TYPE_CHECKING:
    from .models import ConferenceMeeting


class ConferenceMemberQuerySet(QuerySet):
    """Members of conferences: public among officials, as offices and posts, never as persons."""

    def on(self, day: date) -> ConferenceMemberQuerySet:
        """Members on the day; the last day counts."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def of(self, bureau_code: str) -> ConferenceMemberQuerySet:
        """All members of the bureau's conference, past ones too, in their order."""
        return self.filter(bureau=bureau_code).select_related("municipality").order_by("order", "pk")


class OpenPointQuerySet(QuerySet):
    """Points that meetings left open; who may know the meeting may know its points."""

    def carried_into(self, meeting: ConferenceMeeting) -> OpenPointQuerySet:
        """Points of the bureau's earlier meetings that none before this one closed, in the order of their numbers."""
        from .models import PointProgress

        closed = PointProgress.objects.filter(_before(meeting, "meeting"), point=OuterRef("pk"), closed=True)
        raised = _before(meeting, "raised_at")
        return self.filter(raised, ~Exists(closed), bureau=meeting.bureau_id).order_by("number")

    def still_open(self) -> OpenPointQuerySet:
        """Points that no meeting has closed."""
        from .models import PointProgress

        return self.filter(~Exists(PointProgress.objects.filter(point=OuterRef("pk"), closed=True)))


def _before(meeting: ConferenceMeeting, path: str) -> Q:
    """The meeting at the end of `path` was held before this one; on one day the one recorded first comes first."""
    same_day = Q(**{f"{path}__held_on": meeting.day, f"{path}__lt": meeting.pk})
    return Q(**{f"{path}__held_on__lt": meeting.day}) | same_day


class StageQuerySet(QuerySet):
    """Readings of the stage of a region's field."""

    def visible_to(self, viewer: Viewer) -> StageQuerySet:
        """Readings this office may know of: headquarters all; bureaus and towns those of the regions they have a part
        in. The association knows the summary only, which counts confirmed readings of formed regions."""
        from .models import Region

        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU | OfficeKind.MUNICIPALITY:
                return self.filter(region__in=Region.objects.own_to(viewer))
            case OfficeKind.ASSOCIATION:
                formed = Region.objects.visible_to(viewer)
                return self.filter(region__in=formed, confirmed_on__isnull=False)
        return self.none()

    def by(self, day: date) -> StageQuerySet:
        """Readings up to the day, the newest of each cell last."""
        return self.filter(assessed_on__lte=day).order_by("assessed_on", "pk")
