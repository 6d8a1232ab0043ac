"""What regions, bureaus and conferences owe until a day; `common.reminders` calls it to mind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from common.fiscal_year import FiscalYear
from common.reminders import Obligation, kinds, known_to, source, when_sent
from common.viewer import SYSTEM, OfficeKind, Viewer

from .kpi_due import actuals_due, due_lines
from .kpi_records import records_of
from .models import Agreement, AgreementConsent, ConferenceMeeting, ConferenceMember, ForwardPlan, Kpi, OpenPoint
from .querysets import CLOSED_STATES

S = ConferenceMeeting.State


def _town(code: str | None) -> tuple[str, ...]:
    return (f"{OfficeKind.MUNICIPALITY.value}:{code}",) if code else ()


def _bureau(code: str | None) -> tuple[str, ...]:
    return (f"{OfficeKind.BUREAU.value}:{code}",) if code else ()


@source("agreement")
def agreement_answers(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Each party that has not answered to an agreement, until the wished day; a reminder by hand counts too."""
    asked = known_to(Agreement.objects.filter(state=Agreement.State.CONSENT), viewer, "answer_by", on)
    open_rows = AgreementConsent.objects.filter(agreement__in=list(asked), state=AgreementConsent.State.NONE)
    if viewer.is_municipal:
        open_rows = open_rows.filter(municipality=viewer.office.code)
    for row in open_rows.select_related("agreement__region", "municipality").order_by("pk"):
        agreement = row.agreement
        assert agreement.answer_by is not None  # asked for
        told = [day for day in (agreement.asked_on, row.reminded_on) if day is not None]
        yield Obligation(
            "agreement",
            row,
            agreement.answer_by,
            agreement.region.name if viewer.is_municipal else f"{agreement.region.name}（{row.municipality.name}）",
            reverse("regions:agreement_detail", args=[agreement.pk]),
            {"town": _town(row.municipality_id), "bureau": _bureau(agreement.region.lead_bureau_id)},
            since=max(told, default=None),
            about=agreement,
        )


@when_sent("agreement")
def note_reminder(one: Obligation, on: date) -> None:
    """The page of the agreement says when a party was reminded last."""
    assert isinstance(one.subject, AgreementConsent)
    AgreementConsent.objects.filter(pk=one.subject.pk).update(reminded_on=on)


@source("kpi")
def kpi_actuals(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """The actuals that a town owes for the years that are over, one obligation for region, town and oldest year."""
    if viewer is SYSTEM:
        open_kpis = Kpi.objects.exclude(project__region__state__in=CLOSED_STATES)
        by_keeper = defaultdict(list)
        for record in records_of(open_kpis, on):
            project = record.kpi.project
            by_keeper[project.secretariat_id or project.region.lead_id].append(record)
        lines = [(keeper, line) for keeper, records in by_keeper.items() for line in due_lines(records)]
    else:
        lines = [(viewer.office.code, line) for line in actuals_due(viewer, on=on)]
    month, day = kinds()["kpi"].day or (5, 31)
    for keeper, line in lines:
        region, year = line.region, min(line.years)
        yield Obligation(
            "kpi",
            ("regions.region", f"{region.pk}:{keeper}:{year}"),
            date(year + 1, month, day),
            f"{region.name} {FiscalYear(year).wareki}",
            reverse("regions:kpi_list", args=[region.pk]),
            {"town": _town(keeper), "bureau": _bureau(region.lead_bureau_id)},
            about=region,
        )


@source("meeting")
def meetings_ahead(viewer: Viewer, on: date) -> Iterable[Obligation]:
    """Meetings to come: the members that were invited, and the bureau."""
    ahead = ConferenceMeeting.objects.filter(state=S.SCHEDULED, planned_on__gte=on)
    if viewer is SYSTEM:
        ahead = ahead.filter(invited_at__isnull=False)
    for meeting, members in _with_members(list(known_to(ahead, viewer, "planned_on", on))):
        since = localdate(meeting.invited_at) if meeting.invited_at else None
        yield _of_meeting("meeting", meeting, meeting.planned_on, members, since)


@source("minutes")
def minutes_open(viewer: Viewer, on: date) -> Iterable[Obligation]:
    """Until when the members say something about the minutes."""
    held = known_to(ConferenceMeeting.objects.filter(state=S.HELD), viewer, "comment_by", on)
    for meeting, members in _with_members(list(held)):
        yield _of_meeting("minutes", meeting, meeting.comment_by, members, meeting.circulated_on)


@source("point")
def points_open(viewer: Viewer, on: date) -> Iterable[Obligation]:
    """Until when the open points of a conference are to be answered."""
    rows = OpenPoint.objects.still_open().filter(due_on__isnull=False)
    if viewer is not SYSTEM:
        rows = rows.filter(bureau=viewer.office.code, due_on__gte=on)
    for point in rows.order_by("due_on"):
        yield Obligation(
            "point",
            point,
            point.due_on,
            f"継続する論点{point.number}（{point.owner or '担当なし'}）",
            reverse("regions:meeting_detail", args=[point.raised_at_id]),
            {"bureau": _bureau(point.bureau_id)},
        )


@source("review")
def reviews_open(viewer: Viewer, on: date) -> Iterable[Obligation]:
    """The yearly review of each plan in force, as long as the fiscal year of the day has none."""
    year = FiscalYear.of(on)
    plans = ForwardPlan.objects.filter(state=ForwardPlan.State.ADOPTED)
    if viewer is not SYSTEM:
        plans = plans.filter(bureau=viewer.office.code)
    for plan in plans.exclude(reviews__fiscal_year=int(year)).exclude(adopted_on__gte=year.first_day):
        url = reverse("regions:plan_review", args=[plan.pk])
        yield Obligation("review", plan, year.last_day, "前進プラン", url, {"bureau": _bureau(plan.bureau_id)})


def _with_members(
    meetings: list[ConferenceMeeting],
) -> Iterator[tuple[ConferenceMeeting, tuple[str, ...]]]:
    """Each meeting with the offices of the members that a notice reaches; one query for all meetings."""
    bureaus = {meeting.bureau_id for meeting in meetings}
    of_bureau = defaultdict(list)
    for member in ConferenceMember.objects.filter(bureau__in=bureaus) if bureaus else ():
        of_bureau[member.bureau_id].append(member)
    for meeting in meetings:
        sitting = [member for member in of_bureau[meeting.bureau_id] if _sits(member, meeting.day)]
        yield meeting, tuple(sorted({member.told[0] for member in sitting if member.told}))


def _sits(member: ConferenceMember, day: date) -> bool:
    return member.valid_from <= day and (member.valid_to is None or day <= member.valid_to)


def _of_meeting(
    key: str, meeting: ConferenceMeeting, due_on: date | None, members: tuple[str, ...], since: date | None
) -> Obligation:
    assert due_on is not None  # asked for
    url = reverse("regions:meeting_detail", args=[meeting.pk])
    parties = {"members": members, "bureau": _bureau(meeting.bureau_id)}
    return Obligation(key, meeting, due_on, meeting.title, url, parties, since=since)
