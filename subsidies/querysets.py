"""Named questions about applications; territorial scope stands only in `visible_to`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty, OfficeKind, Viewer
from municipalities.models import Municipality
from regions.models import RegionMembership

from .duties import BUDGET, CALL, DELEGATION, FOLLOW_UP, FOLLOW_UP_SUMMARY, LEDGER, PAYMENT, PROGRAM
from .states import BEFORE_SUBMISSION, GROUPS, State

if TYPE_CHECKING:
    from regions.models import Region

    from .models import Application
    from .rulesets import Rulesets


class ApplicationQuerySet(QuerySet):
    """Applications (申請)."""

    def visible_to(self, viewer: Viewer) -> ApplicationQuerySet:
        """Applications this office may know exist; all others answer 404, not 403.

        A town sees those it takes part in and those of its regions once submitted. A bureau sees what was ever
        submitted by a region with a member under it, and drafts in pre-consultation; its staff also the drafts that
        a municipality has delegated to it, as long as that holds. Headquarters sees all that was ever submitted;
        auditors everything. A field officer (事業担当) sees those of her town that hold an initiative
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
                assigned = ApplicationProject.objects.filter(application=OuterRef("pk"), assignees=viewer.works_as)
                return self.filter(Exists(own_part.filter(municipality=viewer.office.code)), Exists(assigned))
            case OfficeKind.BUREAU if viewer.has(Duty.BS, Duty.BM):
                under = Municipality.objects.under(viewer.office.code, clock.today())
                touched = Q(lead_bureau=viewer.office.code) | Q(Exists(own_part.filter(municipality__in=under)))
                asked = Exists(PreConsultation.objects.filter(application=OuterRef("pk")))
                shown = touched & (once_submitted | Q(state=State.PRECONSULT) | Q(asked))
                return self.filter(shown | _delegated(viewer) if viewer.has(Duty.BS) else shown)
            case OfficeKind.PREFECTURE if viewer.has(Duty.AU):
                return self.all()
            case OfficeKind.PREFECTURE if viewer.has(Duty.HS, Duty.HM, Duty.SD, Duty.AC):
                return self.filter(once_submitted)
        return self.none()

    def delegated_to(self, viewer: Viewer) -> ApplicationQuerySet:
        """Drafts that staff of this bureau may type in a municipality's name today."""
        return self.filter(_delegated(viewer)) if viewer.has(Duty.BS) else self.none()

    def for_list(self) -> ApplicationQuerySet:
        """With everything a list row shows, in one query."""
        return self.select_related("call__program", "region", "lead", "lead_bureau")

    def in_group(self, group: str) -> ApplicationQuerySet:
        """Those whose state belongs to a group of the list (`states.GROUPS`)."""
        return self.filter(state__in=GROUPS[group].states)

    def waiting_for(self, viewer: Viewer, decided_by_hq: Rulesets) -> ApplicationQuerySet:
        """Those on which this person has an errand now, each with its code in `errand` (see `waiting`)."""
        from .waiting import errands_of

        errands = errands_of(viewer, decided_by_hq)
        if not errands:
            return self.none()
        cases = [When(errand.when, then=Value(errand.code)) for errand in errands]
        kept = self.filter(state__in=set().union(*(errand.states for errand in errands)))
        return kept.annotate(errand=Case(*cases, output_field=CharField())).exclude(errand=None)

    def with_own_consent(self, viewer: Viewer) -> ApplicationQuerySet:
        """Each with `own_consent`: the consent of the viewer's municipality, None where it takes no part."""
        from .models import Participant

        own = Participant.objects.filter(application=OuterRef("pk"), municipality=viewer.office.code)
        return self.annotate(own_consent=Subquery(own.values("consent")[:1]))

    def search(self, words: str) -> ApplicationQuerySet:
        """Those whose region, participant, bureau, title, number or receipt number holds every word."""
        from .models import Participant

        found = self
        for word in words.split():
            towns = Municipality.objects.filter(Q(name__icontains=word) | Q(kana__startswith=word))
            town = Participant.objects.filter(application=OuterRef("pk"), municipality__in=towns)
            found = found.filter(
                Q(region__name__icontains=word)
                | Q(number__icontains=word)
                | Q(receipt_number__icontains=word)
                | Q(lead_bureau__name__icontains=word)
                | Q(Exists(town))
            )
        return found

    def last_year_of(self, application: Application) -> ApplicationQuerySet:
        """The region's submitted applications of the year before, the one of the same program first."""
        before = self.filter(region=application.region_id, fiscal_year=application.fiscal_year - 1)
        same = Case(When(call__program=application.call.program_id, then=0), default=1)
        return before.filter(submitted_at__isnull=False).order_by(same, "-id")

    def awaiting_admission(self, viewer: Viewer) -> ApplicationQuerySet:
        """Applications not yet submitted for which this bureau is responsible, whose call has closed (T06).

        They are not visible to it: its decider is told their number by the town.
        """
        if not (viewer.is_bureau and viewer.has(Duty.BM)):
            return self.none()
        return self.filter(
            lead_bureau=viewer.office.code, state__in=BEFORE_SUBMISSION, call__closes_on__lt=clock.today()
        )


class CallQuerySet(QuerySet):
    """Calls (募集)."""

    def visible_to(self, viewer: Viewer) -> CallQuerySet:
        """Calls this person may read: those in preparation only those who prepare them and the auditor."""
        if not viewer.may(CALL):
            return self.none()
        return self if viewer.is_prefecture else self.exclude(state="preparing")

    def open_on(self, day: date) -> CallQuerySet:
        """Calls that take applications on the day, those that close first first."""
        return self.filter(state="open", opens_on__lte=day).order_by("closes_on", "program")


class SimulationQuerySet(QuerySet):
    """Simulations of a round's distribution (配分案, 庁内限り)."""

    def visible_to(self, viewer: Viewer) -> SimulationQuerySet:
        """All for headquarters and auditors, who compare them; for other offices what was adopted."""
        if not viewer.may(BUDGET):
            return self.none()
        if viewer.has(Duty.HS, Duty.HM, Duty.AU):
            return self.all()
        return self.filter(state__in=["adopted", "superseded"])

    def standing(self) -> SimulationQuerySet:
        """Those that were not discarded."""
        return self.exclude(state="discarded")


class BudgetEntryQuerySet(QuerySet):
    """Lines of the ledger."""

    def visible_to(self, viewer: Viewer) -> BudgetEntryQuerySet:
        """All lines for whoever keeps or checks the books: headquarters, accounting and auditors; none for others."""
        return self.all() if viewer.may(LEDGER) else self.none()


class PaymentQuerySet(QuerySet):
    """Claims, payments and returns (支払)."""

    def visible_to(self, viewer: Viewer) -> PaymentQuerySet:
        """Those of applications that this person may know; what is being prepared only the lead itself and auditors."""
        from .models import Application

        if not viewer.may(PAYMENT):
            return self.none()
        known = self.filter(application__in=Application.objects.visible_to(viewer).values("pk"))
        if viewer.has(Duty.AU):
            return known
        own = Q(application__lead=viewer.office.code) if viewer.is_municipal else Q(pk__in=[])
        return known.filter(~Q(state="draft") | own)

    def for_list(self) -> PaymentQuerySet:
        """With everything a list row shows, in one query."""
        return self.select_related(
            "application__call__program", "application__region", "application__lead", "application__lead_bureau"
        )


class FollowUpQuerySet(QuerySet):
    """The yearly questions after the support (支援後の状況)."""

    def visible_to(self, viewer: Viewer) -> FollowUpQuerySet:
        """Those of grants that this person may know; a field officer those of initiatives assigned to her."""
        from .models import Application, ApplicationProject

        if not viewer.may(FOLLOW_UP):
            return self.none()
        rows = self.filter(application__in=Application.objects.visible_to(viewer).values("pk"))
        if viewer.has(Duty.MF) and not viewer.has(Duty.MP, Duty.MA):
            assigned = ApplicationProject.objects.filter(
                application=OuterRef("application"), project=OuterRef("project"), assignees=viewer.works_as
            )
            rows = rows.filter(Exists(assigned))
        return rows

    def counted_for(self, viewer: Viewer) -> FollowUpQuerySet:
        """Those that this person may read as numbers of a region and year, asked about in a year that has begun.

        An association reads the numbers of every region that is public to it, and no answer itself.
        """
        from regions.models import Region

        begun = self.filter(fiscal_year__lte=int(FiscalYear.of(clock.today())))
        if viewer.has(Duty.OB) and not viewer.may(FOLLOW_UP):
            return begun.filter(application__region__in=Region.objects.visible_to(viewer).values("pk"))
        return begun.visible_to(viewer) if viewer.may(FOLLOW_UP_SUMMARY) else self.none()

    def for_list(self) -> FollowUpQuerySet:
        """With everything a list row shows, in one query."""
        return self.select_related(
            "project__main_field", "application__region", "application__lead", "application__lead_bureau",
            "application__call__program",
        )  # fmt: skip


class BatchQuerySet(QuerySet):
    """Batch work (まとめて処理)."""

    def visible_to(self, viewer: Viewer) -> BatchQuerySet:
        """What reviewers and accounting of one's own office did; everything for auditors."""
        if viewer.has(Duty.AU):
            return self.all()
        if viewer.has(Duty.BS, Duty.BM, Duty.HS, Duty.HM, Duty.AC):
            return self.filter(office_key=viewer.office.key)
        return self.none()


class ProgramQuerySet(QuerySet):
    """Programs (支援制度)."""

    def visible_to(self, viewer: Viewer) -> ProgramQuerySet:
        """Programs are public among those who work with them; before the first publication only in headquarters."""
        from .models import RuleSetVersion

        if not viewer.may(PROGRAM):
            return self.none()
        known = RuleSetVersion.objects.filter(program=OuterRef("pk"), published_at__isnull=False)
        return self if viewer.is_prefecture else self.filter(Exists(known))


class RuleSetVersionQuerySet(QuerySet):
    """Versions of rulesets."""

    def visible_to(self, viewer: Viewer) -> RuleSetVersionQuerySet:
        """Versions that are or were published; drafts only to headquarters, who write them, and to those who look
        after the system."""
        if not viewer.may(PROGRAM):
            return self.none()
        return self if viewer.is_prefecture else self.filter(published_at__isnull=False)

    def published_ever(self) -> RuleSetVersionQuerySet:
        """Versions that are or were in public; never drafts."""
        return self.filter(published_at__isnull=False)

    def in_studio(self) -> RuleSetVersionQuerySet:
        """Drafts and what waits for approval."""
        return self.filter(state__in=("draft", "proposed"))

    def in_force(self, fiscal_year: int) -> RuleSetVersionQuerySet:
        """Published versions that hold in the fiscal year, the newest of each program first."""
        return self.filter(
            Q(effective_to_fy=None) | Q(effective_to_fy__gte=fiscal_year),
            state="published",
            effective_from_fy__lte=fiscal_year,
        ).order_by("program__order", "-version")


class DelegationQuerySet(QuerySet):
    """Delegations to type in a municipality's name (代理入力の委任)."""

    def visible_to(self, viewer: Viewer) -> DelegationQuerySet:
        """Those a municipality gave and those a bureau was given; all for headquarters and auditors."""
        if not viewer.may(DELEGATION):
            return self.none()
        if viewer.is_prefecture:
            return self.all()
        own = Q(municipality=viewer.office.code) if viewer.is_municipal else Q(bureau=viewer.office.code)
        return self.filter(own)

    def in_force(self, on: date) -> DelegationQuerySet:
        """Those that hold on the day; the first and the last day count, a withdrawn one holds no more."""
        return self.filter(withdrawn_at=None, from_on__lte=on, to_on__gte=on)

    def held_by(self, viewer: Viewer) -> DelegationQuerySet:
        """Those under which this person may type today: staff of the bureau that was given them."""
        if not (viewer.is_bureau and viewer.has(Duty.BS)):
            return self.none()
        return self.in_force(clock.today()).filter(bureau=viewer.office.code)

    def covering(self, application: Application) -> DelegationQuerySet:
        """Those whose scope holds the application, which their municipality leads."""
        whole = Q(region=None, application=None)
        scope = whole | Q(region=application.region_id) | Q(application=application.pk)
        return self.filter(scope, municipality=application.lead_id)

    def covering_new(self, region: Region) -> DelegationQuerySet:
        """Those under which an application of the region may be begun: its lead's, not bound to another one."""
        return self.filter(Q(region=None) | Q(region=region.pk), application=None, municipality=region.lead_id)

    def for_list(self) -> DelegationQuerySet:
        """With everything a list row shows, in one query; those that hold longest first."""
        return self.select_related("municipality", "bureau", "region", "application__region").order_by("-to_on", "-id")


def _delegated(viewer: Viewer) -> Q:
    """Whether a delegation that the person holds covers the application of the outer row."""
    from .models import Delegation

    held = Delegation.objects.held_by(viewer).filter(municipality=OuterRef("lead"))
    scope = Q(region=None, application=None) | Q(region=OuterRef("region")) | Q(application=OuterRef("pk"))
    return Q(Exists(held.filter(scope)), state__in=BEFORE_SUBMISSION)


class PackageQuerySet(QuerySet):
    """Packages that leave the portal."""

    def visible_to(self, viewer: Viewer) -> PackageQuerySet:
        """Disclosures of the own prefecture, for headquarters; packages of an audit are found by way of their case."""
        if viewer.is_prefecture and viewer.has(Duty.HS, Duty.HM):
            return self.filter(kind="disclosure", prefecture=viewer.office.code)
        return self.none()
