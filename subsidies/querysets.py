"""Named questions about applications; territorial scope stands only in `visible_to`."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from common import clock
from common.viewer import Duty, OfficeKind, Viewer
from municipalities.models import Municipality
from regions.models import RegionMembership

from .states import State


class ApplicationQuerySet(QuerySet):
    """Applications (申請)."""

    def visible_to(self, viewer: Viewer) -> ApplicationQuerySet:
        """Applications this office may know exist; all others answer 404, not 403.

        A town sees those it takes part in and those of its regions once submitted. A bureau sees what was ever
        submitted by a region with a member under it, and drafts in pre-consultation. Headquarters sees all that was
        ever submitted; auditors everything. A field officer (事業担当) sees those of her town that hold an initiative
        assigned to her. Associations and the system administrator see none.
        """
        from .models import ApplicationProject, Participant, PreConsultation

        own_part = Participant.objects.filter(application=OuterRef("pk"))
        once_submitted = Q(submitted_at__isnull=False)
        match viewer.office.kind:
            case OfficeKind.MUNICIPALITY if viewer.has(Duty.MP, Duty.MA):
                mine = Q(lead=viewer.office.code) | Q(Exists(own_part.filter(municipality=viewer.office.code)))
                regional = Exists(
                    RegionMembership.objects.filter(region=OuterRef("region"), municipality=viewer.office.code)
                )
                return self.filter(mine | (once_submitted & Q(regional)))
            case OfficeKind.MUNICIPALITY if viewer.has(Duty.MF):
                assigned = ApplicationProject.objects.filter(application=OuterRef("pk"), assignees=viewer.user_id)
                return self.filter(Exists(own_part.filter(municipality=viewer.office.code)), Exists(assigned))
            case OfficeKind.BUREAU if viewer.has(Duty.BS, Duty.BM):
                under = Municipality.objects.under(viewer.office.code, clock.today())
                touched = Q(lead_bureau=viewer.office.code) | Q(Exists(own_part.filter(municipality__in=under)))
                asked = Exists(PreConsultation.objects.filter(application=OuterRef("pk")))
                return self.filter(touched, once_submitted | Q(state=State.PRECONSULT) | Q(asked))
            case OfficeKind.PREFECTURE if viewer.has(Duty.AU):
                return self.all()
            case OfficeKind.PREFECTURE if viewer.has(Duty.HS, Duty.HM, Duty.SD, Duty.AC):
                return self.filter(once_submitted)
        return self.none()

    def for_list(self) -> ApplicationQuerySet:
        """With everything a list row shows, in one query."""
        return self.select_related("call__program", "region", "lead", "lead_bureau")
