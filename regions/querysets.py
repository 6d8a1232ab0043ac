"""Named questions about regions and their papers; territorial scope stands only in `visible_to`."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from common import clock
from common.viewer import OfficeKind, Viewer
from municipalities.models import Municipality

PUBLISHED_STATES = ("formed", "supported", "self_running", "paused", "ended", "national")


def _with_member_under(bureau_code: str) -> Exists:
    from .models import RegionMembership

    towns = Municipality.objects.under(bureau_code, clock.today())
    return Exists(RegionMembership.objects.filter(region=OuterRef("pk"), municipality__in=towns))


class RegionQuerySet(QuerySet):
    """Regions (連携地域)."""

    def visible_to(self, viewer: Viewer) -> RegionQuerySet:
        """Regions this office may know exist; all others answer 404.

        A formed region is public among officials. An idea (構想) is known to its members, to the bureaus with a
        member under them and to headquarters.
        """
        from .models import RegionMembership

        published = Q(state__in=PUBLISHED_STATES)
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(
                    published | Q(lead_bureau=viewer.office.code) | Q(_with_member_under(viewer.office.code))
                )
            case OfficeKind.MUNICIPALITY:
                own = RegionMembership.objects.filter(region=OuterRef("pk"), municipality=viewer.office.code)
                return self.filter(published | Q(Exists(own)))
            case OfficeKind.ASSOCIATION:
                return self.filter(published)
        return self.none()

    def of_member(self, municipality_code: str, on: date) -> RegionQuerySet:
        """Regions to which the municipality belongs on the day."""
        from .models import RegionMembership

        return self.filter(
            Exists(
                RegionMembership.objects.filter(
                    Q(left_on=None) | Q(left_on__gte=on),
                    region=OuterRef("pk"),
                    municipality=municipality_code,
                    joined_on__lte=on,
                )
            )
        )


class AgreementQuerySet(QuerySet):
    """Agreements (地域連携協定)."""

    def in_force(self, on: date) -> AgreementQuerySet:
        """Versions in force on the day: every member consented, not yet ended or amended away."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gte=on), state__in=["in_force", "amended", "ended"], in_force_on__lte=on
        )


class VisionQuerySet(QuerySet):
    """Visions (地域連携ビジョン)."""

    def adopted(self, on: date) -> VisionQuerySet:
        """Versions adopted by the day; the highest version of a region is the one that counts."""
        return self.filter(state__in=["adopted", "revised", "expired"], adopted_on__lte=on).order_by(
            "region", "-version"
        )


class ForwardPlanQuerySet(QuerySet):
    """Forward plans (広域連携前進プラン)."""

    def adopted(self, on: date) -> ForwardPlanQuerySet:
        """Versions adopted by the day; the highest version of a bureau is the one that counts."""
        return self.filter(state__in=["adopted", "revised"], adopted_on__lte=on).order_by("bureau", "-version")
