"""Named questions about regions and their papers; territorial scope stands only in `visible_to`."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from common import clock
from common.viewer import OfficeKind, Viewer
from municipalities.models import Municipality

PUBLISHED_STATES = ("formed", "supported", "self_running", "paused", "ended", "national")
CLOSED_STATES = ("ended", "national")


def _memberships(region: str, **conditions: object) -> Exists:
    """Whether the region in the outer column has (ever had) such a member."""
    from .models import RegionMembership

    return Exists(RegionMembership.objects.filter(region=OuterRef(region), **conditions))


def _with_member_under(bureau_code: str, region: str = "pk") -> Exists:
    towns = Municipality.objects.under(bureau_code, clock.today())
    return _memberships(region, municipality__in=towns)


class RegionQuerySet(QuerySet):
    """Regions (連携地域)."""

    def visible_to(self, viewer: Viewer) -> RegionQuerySet:
        """Regions this office may know exist; all others answer 404.

        A formed region is public among officials. An idea (構想) is known to its members, to the bureaus with a
        member under them and to headquarters.
        """
        published = Q(state__in=PUBLISHED_STATES)
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(
                    published | Q(lead_bureau=viewer.office.code) | _with_member_under(viewer.office.code)
                )
            case OfficeKind.MUNICIPALITY:
                return self.filter(published | _memberships("pk", municipality=viewer.office.code))
            case OfficeKind.ASSOCIATION:
                return self.filter(published)
        return self.none()

    def own_to(self, viewer: Viewer) -> RegionQuerySet:
        """Regions the office has a part in: it is or was a member, or has one under it. All for headquarters."""
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(Q(lead_bureau=viewer.office.code) | _with_member_under(viewer.office.code))
            case OfficeKind.MUNICIPALITY:
                return self.filter(_memberships("pk", municipality=viewer.office.code))
        return self.none()

    def of_member(self, municipality_code: str, on: date) -> RegionQuerySet:
        """Regions to which the municipality belongs on the day."""
        from .models import RegionMembership

        return self.filter(
            Exists(RegionMembership.objects.on(on).filter(region=OuterRef("pk"), municipality=municipality_code))
        )

    def touching(self, bureau_code: str) -> RegionQuerySet:
        """Regions led by the bureau or with a member under it (またがる地域 are found from both)."""
        return self.filter(Q(lead_bureau=bureau_code) | _with_member_under(bureau_code))

    def acting(self) -> RegionQuerySet:
        """Regions that go on: neither ended nor moved to a national scheme."""
        return self.exclude(state__in=CLOSED_STATES)

    def with_members(self, on: date) -> RegionQuerySet:
        """Each with `members_now`: the memberships of that day with their municipality, in code order."""
        from .models import RegionMembership

        rows = RegionMembership.objects.on(on).select_related("municipality").order_by("municipality")
        return self.prefetch_related(Prefetch("memberships", rows, to_attr="members_now"))

    def with_name(self, on: date) -> RegionQuerySet:
        """Each with `name_on`: the name it bore that day (None before its first name)."""
        from .models import RegionName

        borne = RegionName.objects.filter(region=OuterRef("pk"), valid_from__lte=on).order_by("-valid_from")
        return self.annotate(name_on=Subquery(borne.values("name")[:1]))

    def search(self, words: str) -> RegionQuerySet:
        """Regions whose code, present or former name, or member's name or kana holds every word."""
        from .models import RegionName

        found = self
        for word in words.split():
            named = Exists(RegionName.objects.filter(region=OuterRef("pk"), name__icontains=word))
            town = _memberships("pk", municipality__name__icontains=word)
            kana = _memberships("pk", municipality__kana__startswith=word)
            found = found.filter(Q(name__icontains=word) | Q(code__iexact=word) | named | town | kana)
        return found


class RegionMembershipQuerySet(QuerySet):
    """Who belongs to which region."""

    def on(self, day: date) -> RegionMembershipQuerySet:
        """Memberships in force on the day; the last day counts."""
        return self.filter(Q(left_on=None) | Q(left_on__gte=day), joined_on__lte=day)


class SubGroupQuerySet(QuerySet):
    """Sub-groups (部会) of regions."""

    def visible_to(self, viewer: Viewer) -> SubGroupQuerySet:
        """Sub-groups of regions the office has a part in; to others the region alone is public."""
        from .models import Region

        return self.filter(region__in=Region.objects.own_to(viewer))

    def acting(self) -> SubGroupQuerySet:
        """Those that were not ended."""
        return self.filter(ended_on=None)

    def for_list(self) -> SubGroupQuerySet:
        """With what a list shows of each, the acting ones first."""
        return (
            self.select_related("region", "chair")
            .prefetch_related("members", "projects")
            .order_by(F("ended_on").asc(nulls_first=True), "set_up_on", "id")
        )


class AgreementQuerySet(QuerySet):
    """Agreements (地域連携協定)."""

    def visible_to(self, viewer: Viewer) -> AgreementQuerySet:
        """Versions this office may know exist.

        Signed versions are public among officials. A version in the making is known to the members, to those asked
        for consent and to headquarters; to the bureaus of its members once consent was asked for.
        """
        signed = Q(state__in=["in_force", "amended", "ended"])
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                asked = Q(state__in=["consent", "signed"])
                return self.filter(signed | (asked & _own_region(viewer.office.code)))
            case OfficeKind.MUNICIPALITY:
                return self.filter(signed | _member_or_party(viewer.office.code))
            case OfficeKind.ASSOCIATION:
                return self.filter(signed)
        return self.none()

    def in_force(self, on: date) -> AgreementQuerySet:
        """Versions in force on the day: every member consented, not yet ended or amended away."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gte=on), state__in=["in_force", "amended", "ended"], in_force_on__lte=on
        )

    def with_progress(self, viewer: Viewer) -> AgreementQuerySet:
        """Each with `parties`, `consented`, and `waits`: whether it waits for the consent of the viewer's town."""
        from .models import AgreementConsent

        mine = AgreementConsent.objects.filter(
            agreement=OuterRef("pk"), agreement__state="consent", municipality=viewer.office.code
        ).exclude(state="done")
        return self.annotate(
            parties=Count("consents"),
            consented=Count("consents", filter=Q(consents__state="done")),
            waits=Exists(mine),
        )

    def awaiting(self, municipality_code: str) -> AgreementQuerySet:
        """Versions that wait for the consent of this municipality."""
        return self.filter(
            state="consent", consents__municipality=municipality_code, consents__state__in=["none", "agreed", "council"]
        )


def _own_region(bureau_code: str) -> Q:
    return Q(region__lead_bureau=bureau_code) | Q(_with_member_under(bureau_code, "region"))


def _member_or_party(municipality_code: str) -> Q:
    from .models import AgreementConsent

    party = AgreementConsent.objects.filter(agreement=OuterRef("pk"), municipality=municipality_code)
    return Q(_memberships("region", municipality=municipality_code)) | Q(Exists(party))


class ProjectQuerySet(QuerySet):
    """Initiatives (取組)."""

    def visible_to(self, viewer: Viewer) -> ProjectQuerySet:
        """Initiatives of the regions this office may know exist."""
        from .models import Region

        return self.filter(region__in=Region.objects.visible_to(viewer))


class VisionQuerySet(QuerySet):
    """Visions (地域連携ビジョン)."""

    def visible_to(self, viewer: Viewer) -> VisionQuerySet:
        """Versions this office may know exist: adopted ones all; drafts the members and headquarters, and the
        bureaus of its members once it was consulted on."""
        adopted = Q(state__in=["adopted", "revised", "expired"])
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(adopted | (Q(state="consulted") & _own_region(viewer.office.code)))
            case OfficeKind.MUNICIPALITY:
                return self.filter(adopted | Q(_memberships("region", municipality=viewer.office.code)))
            case OfficeKind.ASSOCIATION:
                return self.filter(adopted)
        return self.none()

    def adopted(self, on: date) -> VisionQuerySet:
        """Versions adopted by the day; the highest version of a region is the one that counts."""
        return self.filter(state__in=["adopted", "revised", "expired"], adopted_on__lte=on).order_by(
            "region", "-version"
        )


class ForwardPlanQuerySet(QuerySet):
    """Forward plans (広域連携前進プラン)."""

    def visible_to(self, viewer: Viewer) -> ForwardPlanQuerySet:
        """Versions this office may know exist: adopted ones all; drafts the bureau itself and headquarters, and the
        municipalities under the bureau once the conference has discussed it."""
        adopted = Q(state__in=["adopted", "revised"])
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(adopted | Q(bureau=viewer.office.code))
            case OfficeKind.MUNICIPALITY:
                return self.filter(adopted | (Q(state="conference") & Q(bureau__in=_bureaus_of(viewer.office.code))))
            case OfficeKind.ASSOCIATION:
                return self.filter(adopted)
        return self.none()

    def of_viewer(self, viewer: Viewer) -> ForwardPlanQuerySet:
        """Those of the own bureau, or of the bureaus over the own municipality; all for the prefecture and others."""
        return self.filter(_own_bureau(viewer))

    def with_counts(self) -> ForwardPlanQuerySet:
        """Newest version first, each with `regions_count` and `initiatives_count`."""
        return self.order_by("bureau", "-version").annotate(
            regions_count=Count("listings", distinct=True), initiatives_count=Count("initiatives", distinct=True)
        )

    def adopted(self, on: date) -> ForwardPlanQuerySet:
        """Versions adopted by the day; the highest version of a bureau is the one that counts."""
        return self.filter(state__in=["adopted", "revised"], adopted_on__lte=on).order_by("bureau", "-version")


class ConferenceMeetingQuerySet(QuerySet):
    """Meetings of promotion conferences (検討会議)."""

    def visible_to(self, viewer: Viewer) -> ConferenceMeetingQuerySet:
        """Meetings this office may know exist: held ones all, planned ones those who attend and headquarters."""
        held = Q(state__in=["held", "confirmed"])
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                return self.filter(held | Q(bureau=viewer.office.code))
            case OfficeKind.MUNICIPALITY:
                return self.filter(held | Q(bureau__in=_bureaus_of(viewer.office.code)))
            case OfficeKind.ASSOCIATION:
                return self.filter(held)
        return self.none()

    def of_viewer(self, viewer: Viewer) -> ConferenceMeetingQuerySet:
        """Those of the own bureau, or of the bureaus over the own municipality; all for the prefecture and others."""
        return self.filter(_own_bureau(viewer))

    def due_from(self, day: date) -> ConferenceMeetingQuerySet:
        """Meetings to come from the day on, and those whose minutes are open for opinions on it; the nearest first."""
        ahead = Q(state="scheduled", planned_on__gte=day)
        return self.filter(ahead | Q(state="held", comment_by__gte=day)).order_by("planned_on")

    def held_between(self, first: date, last: date) -> ConferenceMeetingQuerySet:
        """Meetings held from the first day to the last."""
        return self.filter(state__in=["held", "confirmed"], held_on__gte=first, held_on__lte=last)


class FutureForecastQuerySet(QuerySet):
    """Forecasts (地域の未来予測)."""

    def visible_to(self, viewer: Viewer) -> FutureForecastQuerySet:
        """Forecasts this office may know exist: published ones all; drafts those who make them and headquarters, and
        the bureaus over one of the owners once it was shown to them."""
        from .models import ForecastOwner

        published = Q(state="published")
        owners = ForecastOwner.objects.filter(forecast=OuterRef("pk"))
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU:
                below = Municipality.objects.under(viewer.office.code, clock.today())
                shown = Q(shown_on__isnull=False) & Q(Exists(owners.filter(municipality__in=below)))
                return self.filter(published | shown)
            case OfficeKind.MUNICIPALITY:
                return self.filter(published | Q(Exists(owners.filter(municipality=viewer.office.code))))
            case OfficeKind.ASSOCIATION:
                return self.filter(published)
        return self.none()

    def awaiting(self, municipality_code: str) -> FutureForecastQuerySet:
        """Drafts to whose publication this owner has not agreed while another one has."""
        return self.filter(
            Exists(self._owners(agreed_at__isnull=False)),
            Exists(self._owners(agreed_at=None, municipality=municipality_code)),
            state="draft",
        )

    def _owners(self, **conditions: object) -> QuerySet:
        from .models import ForecastOwner

        return ForecastOwner.objects.filter(forecast=OuterRef("pk"), **conditions)


class KpiQuerySet(QuerySet):
    """KPIs of initiatives. Their results are public with their region (domain §2, row 26)."""

    def visible_to(self, viewer: Viewer) -> KpiQuerySet:
        """KPIs this office may know: all of the regions it has a part in (headquarters: of all).

        Of other regions only published ones: the region is formed, and the initiative stands in an adopted vision.
        """
        from .models import Region, VisionProject

        own = Region.objects.own_to(viewer) & Region.objects.visible_to(viewer)
        adopted = VisionProject.objects.filter(
            project=OuterRef("project"), vision__state__in=["adopted", "revised", "expired"]
        )
        published = Q(Exists(adopted), project__region__state__in=PUBLISHED_STATES)
        match viewer.office.kind:
            case OfficeKind.PREFECTURE:
                return self.all()
            case OfficeKind.BUREAU | OfficeKind.MUNICIPALITY:
                return self.filter(published | Q(project__region__in=own.values("pk")))
            case OfficeKind.ASSOCIATION:
                return self.filter(published)
        return self.none()

    def of_region(self, region_code: str) -> KpiQuerySet:
        """KPIs of the region's initiatives, each with its initiative."""
        return self.filter(project__region=region_code).select_related("project")

    def with_figures(self) -> KpiQuerySet:
        """Each with its initiative, its region, its planned values and its actuals, in the order of the grid."""
        rows = self.select_related("project__region", "project__main_field").prefetch_related("targets", "actuals")
        return rows.order_by("project__region", "project__code", "number")


class NationalZoneQuerySet(QuerySet):
    """National zones are public: everyone who signed in may know them."""

    def of_prefecture(self, code: str) -> NationalZoneQuerySet:
        """Zones of the prefecture, in code order."""
        return self.filter(prefecture=code).select_related("successor").order_by("code")

    def with_neighbours(self) -> NationalZoneQuerySet:
        """Each with its prefecture and the zone that took over."""
        return self.select_related("prefecture", "successor")


def _own_bureau(viewer: Viewer) -> Q:
    if viewer.is_bureau:
        return Q(bureau=viewer.office.code)
    return Q(bureau__in=_bureaus_of(viewer.office.code)) if viewer.is_municipal else Q()


def _bureaus_of(municipality_code: str) -> QuerySet:
    """The bureau of the municipality today and the bureau above it, as a subquery of codes."""
    from municipalities.models import Bureau

    day = clock.today()
    in_force = Q(jurisdictions__valid_to=None) | Q(jurisdictions__valid_to__gte=day)
    below = Bureau.objects.filter(
        in_force, jurisdictions__municipality=municipality_code, jurisdictions__valid_from__lte=day
    )
    return Bureau.objects.filter(Q(pk__in=below.values("pk")) | Q(pk__in=below.values("parent"))).values("pk")
