"""Facts of an application, read from the database: the only module of this package that queries.

The number of queries does not depend on the number of members, projects or cost lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from common import clock
from common.fiscal_year import FiscalYear
from regions.models import (
    Agreement,
    ConferenceMeeting,
    ForwardPlan,
    ForwardPlanRegion,
    Kpi,
    RegionLink,
    RegionMembership,
    Vision,
    VisionProject,
)
from regions.models.region import Basis

from ..ground import Ground
from ..models import Application, BudgetEntry, CallAllotment, IncomeLine, Participant, SupportYear
from ..rows import with_rows
from ..rulesets import rules_of
from ..states import BEFORE_SUBMISSION, ENDED_WITHOUT_GRANT, State
from .facts import (
    AgreementFacts,
    AllotmentFacts,
    ApplicationFacts,
    ConferenceFacts,
    ConsentFacts,
    ConsentState,
    CostLineFacts,
    CostSharingFacts,
    EquivalenceFacts,
    ForwardPlanFacts,
    IncomeLineFacts,
    KpiFacts,
    MeetingFacts,
    MunicipalityRef,
    ParticipantFacts,
    ProjectFacts,
    RegionType,
    SelfRunningFacts,
    SubgroupFacts,
    SupportFacts,
    VisionFacts,
)
from .verdict import Judgement

LISTED = Prefetch("items", VisionProject.objects.select_related("project"))
NOT_IN_SOURCES = "出典に記載がありません。"


def reference_date(application: Application) -> date:
    """The day on which territory is looked at: submission (today before it), or 1 April, as the ruleset says (W23)."""
    if rules_of(application.call.ruleset).value("reference_date") == "fiscal_year":
        return FiscalYear(application.fiscal_year).first_day
    return submission_day(application) or clock.today()


def submission_day(application: Application) -> date | None:
    """The day of submission in Japan; None while the towns still write."""
    if application.submitted_at is None or application.state in (*BEFORE_SUBMISSION, State.RETURNED):
        return None
    return application.submitted_at.astimezone(clock.TOKYO).date()


def application_facts(
    application: Application, ground: Ground | None = None, *, documents_on: date | None = None
) -> ApplicationFacts:
    """Everything the rules may ask about an application, as it stands now.

    Territory is judged on the reference date for the municipalities that take part. Documents count by the day of
    submission, or of `documents_on` where a grant is looked at again. `ground` is one that the page has asked already
    and that knows these municipalities.
    """
    on = reference_date(application)
    until = documents_on or submission_day(application) or on
    region, call = application.region, application.call
    rows = with_rows(application)
    parts = list(rows.parts.all())
    codes = [part.municipality_id for part in parts]
    elsewhere = _elsewhere(application)
    made = Agreement.objects.filter(region=application.region_id).exclude(state=Agreement.State.DRAFT)
    agreement = agreement_facts(made.prefetch_related("consents", "fields"), until)
    written = Vision.objects.filter(region=application.region_id).select_related("equivalent_zone")
    visions = list(written.prefetch_related(LISTED))
    vision = vision_facts(visions, until)
    plan, equivalence = _plan(application, until)
    equivalence = _stronger(equivalence, equivalent_vision(visions, until))
    ground = ground or Ground([*codes, application.lead_id])
    ground.know_series({call.series_id: call.series})
    decided_on = clock.today() if application.state == State.APPROVAL else call.decision_expected_on
    return ApplicationFacts(
        region=ground.region(
            codes,
            program=call.program_id,
            fiscal_year=application.fiscal_year,
            on=on,
            series=call.series_id,
            type=RegionType(region.type),
            hub=region.hub_id if region.hub_id in codes else "",
            lead=application.lead_id,
            code=region.code,
            name=region.name,
            support=_support(application),
        ),
        region_members=_members(application.region_id, documents_on or on),
        participants=tuple(
            ParticipantFacts(
                code=part.municipality_id,
                name=part.municipality.name,
                consented=part.consent == Participant.Consent.AGREED,
                split_yen=part.split_yen,
                elsewhere_yen=elsewhere.get(part.municipality_id, 0),
            )
            for part in parts
        ),
        lead=application.lead_id,
        submitted_on=documents_on or submission_day(application),
        agreement=agreement,
        vision=vision,
        forward_plan=plan,
        conference=_conference(application, until),
        equivalence=equivalence,
        projects=_projects(rows),
        cost_lines=tuple(
            CostLineFacts(
                category=line.get_category_display(),
                amount_yen=line.amount_yen,
                eligible_yen=line.eligible_yen,
                project=line.project.name if line.project else "",
                member=line.member_id or "",
                description=line.description,
                hard=line.is_hard,
                other_subsidy=line.other_subsidy,
            )
            for line in rows.costs.all()
        ),
        income_lines=tuple(
            IncomeLineFacts(line.description, line.amount_yen, deducted=line.kind != IncomeLine.Kind.BURDEN)
            for line in rows.incomes.all()
        ),
        other_subsidy=application.other_subsidy,
        requested_yen=application.requested_yen or None,
        granted_yen=application.proposed_yen if application.granted_yen is None else application.granted_yen,
        elsewhere_yen=sum(elsewhere.values()),
        allotment=_allotment(application),
        purpose=application.purpose,
        starts_on=application.start_on,
        ends_on=application.end_on,
        decision_expected_on=decided_on,
        early_start_approved=application.early_start == Application.EarlyStart.APPROVED,
        self_running=SelfRunningFacts(
            application.self_running_plan,
            tuple((line.member_id, line.fiscal_year, line.funding) for line in rows.self_running_lines.all()),
        ),
        cost_sharing=CostSharingFacts(
            registered=bool(application.cost_sharing_note.strip()),
            agreed=tuple(part.municipality_id for part in parts if part.consent == Participant.Consent.AGREED),
        ),
        subgroup=SubgroupFacts(application.subgroup_name, application.subgroup_decided_on)
        if application.subgroup_name
        else None,
        pre_consultations_closed_on=tuple(
            day
            for day in application.consultations.order_by("closed_on").values_list("closed_on", flat=True)
            if day is not None
        ),
        judgements=_judgements(application),
    )


def _members(region_code: str, on: date) -> tuple[MunicipalityRef, ...]:
    rows = RegionMembership.objects.on(on).filter(region=region_code).order_by("municipality")
    return tuple(MunicipalityRef(code, name) for code, name in rows.values_list("municipality", "municipality__name"))


def _support(application: Application) -> SupportFacts:
    """Earlier years under this program, who belonged in the last of them, and what an earlier program supported."""
    region, program = application.region_id, application.call.program_id
    family = Q(region=region) | Q(region__in=RegionLink.objects.filter(successor=region).values("predecessor"))
    years: set[int] = set()
    assumed = False
    earlier: set[str] = set()
    rows = SupportYear.objects.filter(family, fiscal_year__lt=application.fiscal_year)
    columns = ("region", "program", "fiscal_year", "basis", "projects__name")
    for row_region, row_program, year, basis, project in rows.values_list(*columns):
        if row_program == program and row_region == region:
            years.add(year)
            assumed = assumed or basis == SupportYear.Basis.INFERRED
        elif row_program != program and project:
            earlier.add(project)
    last = FiscalYear(max(years)).last_day if years else None
    return SupportFacts(
        years=tuple(sorted(years)),
        members=tuple(member.code for member in _members(region, last)) if last else (),
        earlier_projects=tuple(sorted(earlier)),
        note="推定" if assumed else "",
    )


def agreement_facts(versions: Iterable[Agreement], on: date) -> AgreementFacts | None:
    """Of a region's versions (consents and fields prefetched) the one in force on the day, else the newest made."""
    rows = sorted(versions, key=lambda row: -row.version)
    valid = [
        row for row in rows if row.in_force_on and row.in_force_on <= on and (not row.ended_on or row.ended_on >= on)
    ]
    row = next(iter(valid or rows), None)
    if row is None:
        return None
    consents = list(row.consents.all())
    silent = bool(row.in_force_on) and not consents
    return AgreementFacts(
        title=row.title,
        version=row.version,
        signed_on=row.signed_on,
        in_force_on=row.in_force_on,
        ended_on=row.ended_on,
        consents=tuple(
            ConsentFacts(item.municipality_id, ConsentState(item.state), item.agreed_on, item.document_no)
            for item in consents
        ),
        parties=tuple(item.municipality_id for item in consents),
        fields=tuple(field.name for field in row.fields.all()),
        framework=row.framework,
        unknown=dict.fromkeys(("consents", "parties"), f"構成市町村ごとの同意は{NOT_IN_SOURCES}") if silent else {},
    )


def vision_facts(versions: Iterable[Vision], on: date) -> VisionFacts | None:
    """Of a region's versions (items prefetched) the newest adopted by the day, else the newest being made.

    What an inferred version lists is not known.
    """
    rows = sorted(versions, key=lambda row: -row.version)
    adopted = [row for row in rows if row.adopted_on and row.adopted_on <= on]
    row = next(iter(adopted or rows), None)
    if row is None:
        return None
    return VisionFacts(
        title=row.title,
        version=row.version,
        adopted_on=row.adopted_on,
        first_year=row.term_from_fy,
        last_year=row.term_to_fy,
        projects=tuple(item.project.name for item in row.items.all()),
        unknown={"projects": f"ビジョンは推定を含みます（{row.source}）。"} if row.basis == Basis.INFERRED else {},
    )


def equivalent_vision(versions: Iterable[Vision], on: date) -> EquivalenceFacts | None:
    """The zone's vision that stands for the region's own on the day; confirmed once the lead bureau received it."""
    rows = sorted(versions, key=lambda row: -row.version)
    row = next((row for row in rows if row.adopted_on and row.adopted_on <= on), None)
    if row is None or row.equivalent_zone is None:
        return None
    received = row.received_on is not None and row.received_on <= on
    return EquivalenceFacts(title=f"{row.equivalent_zone.name}のビジョン", confirmed=received)


def _stronger(one: EquivalenceFacts | None, other: EquivalenceFacts | None) -> EquivalenceFacts | None:
    """The one that staff has confirmed, else the first that is there."""
    found = [item for item in (one, other) if item is not None]
    return next((item for item in found if item.confirmed), found[0] if found else None)


def _plan(application: Application, on: date) -> tuple[ForwardPlanFacts | None, EquivalenceFacts | None]:
    """The lead bureau's newest plan adopted by the day (else the newest), and a zone's plan that stands in for it."""
    listed = Exists(ForwardPlanRegion.objects.filter(plan=OuterRef("pk"), region=application.region_id))
    rows = list(
        ForwardPlan.objects.filter(bureau=application.lead_bureau_id)
        .annotate(lists_region=listed)
        .select_related("bureau", "equivalent_zone")
        .order_by("-version")
    )
    adopted = [row for row in rows if row.adopted_on and row.adopted_on <= on]
    row = next(iter(adopted or rows), None)
    equal = next((item for item in rows if item.equivalent_zone), None)
    return (
        None
        if row is None
        else ForwardPlanFacts(
            bureau_name=row.bureau.name,
            version=row.version,
            adopted_on=row.adopted_on,
            first_year=row.term_from_fy,
            last_year=row.term_to_fy,
            lists_region=row.lists_region,
        ),
        None
        if equal is None or equal.equivalent_zone is None
        else EquivalenceFacts(
            title=f"{equal.equivalent_zone.name}のプラン",
            confirmed=equal.adopted_on is not None and equal.adopted_on <= on,
        ),
    )


def _conference(application: Application, on: date) -> ConferenceFacts:
    held = ConferenceMeeting.objects.filter(
        bureau=application.lead_bureau_id, state__in=["held", "confirmed"], held_on__lte=on
    ).order_by("held_on")
    meetings = tuple(MeetingFacts(day, title) for day, title in held.values_list("held_on", "title") if day)
    return ConferenceFacts(meetings)


def _projects(application: Application) -> tuple[ProjectFacts, ...]:
    return tuple(
        ProjectFacts(
            name=item.project.name,
            main_field=item.project.main_field.name if item.project.main_field else "",
            fields=tuple(field.name for field in item.project.fields.all()),
            participants=tuple(sorted(town.pk for town in item.project.participants.all())),
            secretariat=item.project.secretariat_id or "",
            kpis=tuple(_kpi(kpi) for kpi in item.project.kpis.all()),
        )
        for item in application.items.all()
    )


def _kpi(kpi: Kpi) -> KpiFacts:
    """Figures as texts, with their qualifiers: 新規, 80以上, 全数."""
    qualifier = kpi.get_qualifier_display() if kpi.qualifier else ""
    return KpiFacts(
        name=kpi.name,
        outcome=kpi.kind == Kpi.Kind.OUTCOME,
        baseline="新規" if kpi.baseline_is_new else "" if kpi.baseline is None else f"{kpi.baseline.normalize():f}",
        target=qualifier if kpi.target is None else f"{kpi.target.normalize():f}{qualifier}",
        yearly_targets=tuple((row.fiscal_year, f"{row.value.normalize():f}") for row in kpi.targets.all()),
        data_source=kpi.data_source,
    )


def _elsewhere(application: Application) -> dict[str, int]:
    """Yen by municipality in the region's other applications of this program and fiscal year."""
    rows = (
        Participant.objects.filter(
            application__region=application.region_id,
            application__fiscal_year=application.fiscal_year,
            application__call__program=application.call.program_id,
        )
        .exclude(application=application)
        .exclude(application__state__in=ENDED_WITHOUT_GRANT)
    )
    return dict(rows.values_list("municipality").annotate(Sum("split_yen")).order_by())


def _allotment(application: Application) -> AllotmentFacts | None:
    """The bureau's budget in the call; what this application has committed itself is not counted against it."""
    entries = BudgetEntry.objects.filter(allotment=OuterRef("pk"), application=application).order_by()
    own = entries.values("allotment").annotate(yen=Sum("amount_yen")).values("yen")
    rows = CallAllotment.objects.filter(call=application.call_id, bureau=application.lead_bureau_id)
    row = rows.annotate(own_yen=Coalesce(Subquery(own), 0)).first()
    return None if row is None else AllotmentFacts(row.amount_yen, row.committed_yen - row.own_yen)


def _judgements(application: Application) -> tuple[Judgement, ...]:
    rows = application.judgements.filter(superseded_at=None).order_by("pk")
    return tuple(
        Judgement(
            rule=row.rule,
            holds=row.result == row.Result.PASS,
            reason=row.reason,
            by=row.who,
            office=row.office_key,
            on=row.at.astimezone(clock.TOKYO).date(),
            points=tuple((str(question), bool(yes)) for question, yes in row.points),
        )
        for row in rows
    )
