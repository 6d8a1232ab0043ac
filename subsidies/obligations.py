"""What applications and grants owe until a day; `common.reminders` calls it to mind.

Decisions, inspections and payments are many at once: they are named by office, with how many are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from common.fiscal_year import FiscalYear
from common.reminders import Obligation, kinds, known_to, source, when_sent
from common.viewer import SYSTEM, OfficeKind, Viewer

from .models import (
    Application,
    ChangeRequest,
    CorrectionRound,
    Finding,
    FollowUp,
    Package,
    Participant,
    Payment,
    ProgressReport,
    Report,
)
from .progress_days import wanted_of
from .rulesets import rules_of
from .states import BEFORE_SUBMISSION, UNDER_REVIEW, State

TO_INSPECT = (State.REPORT_DUE, State.REPORT_OVERDUE, State.REPORTED, State.REPORT_RETURNED, State.INSPECTED)
CASE_PAGE, REPORT_PAGE = "subsidies:application_detail", "subsidies:report_detail"
PROGRESS_PAGE = "subsidies:application_progress"
TO_PAY = (State.FIXED, State.RETURN_ORDERED)
NEXT_DAY_OF: dict[str, tuple[State, ...]] = {"report_correction": (State.REPORT_RETURNED,), "apply": (State.SELECTED,)}


def parties_of(application: Application) -> dict[str, tuple[str, ...]]:
    """The offices of a case by the names the table uses: lead, bureau, headquarters."""
    return {
        "lead": (f"{OfficeKind.MUNICIPALITY.value}:{application.lead_id}",),
        "bureau": (f"{OfficeKind.BUREAU.value}:{application.lead_bureau_id}",),
        "headquarters": (f"{OfficeKind.PREFECTURE.value}:{application.region.prefecture_id}",),
    }


def of_case(
    key: str,
    application: Application,
    due_on: date | None,
    *,
    subject: Model | None = None,
    since: date | None = None,
    page: str = CASE_PAGE,
) -> Obligation:
    """Something that a case owes; `subject` where it is not the case itself (a round, a report, a claim)."""
    assert due_on is not None  # the source asks for rows with a day
    return Obligation(
        key,
        subject or application,
        due_on,
        application.region.name,
        reverse(page, args=[application.pk]),
        parties_of(application),
        since=since,
        about=application,
    )


def cases(viewer: Viewer, on: date, states: tuple[State, ...], due_field: str = "due_on") -> Iterator[Application]:
    """The cases in these states with a due date that the viewer may know; a town those it leads, a bureau its own."""
    rows = known_to(Application.objects.filter(_own(viewer), state__in=states), viewer, due_field, on)
    yield from rows.select_related("region", "call__program").defer(
        "purpose", "plan", "self_running_plan", "cost_sharing_note"
    )


@source("call_close")
def to_submit(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Drafts, until their call closes."""
    for one in cases(viewer, on, BEFORE_SUBMISSION, "call__closes_on"):
        yield of_case("call_close", one, one.call.closes_on, since=localdate(one.created_at))


@source("consent")
def to_consent(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Towns that were asked for their consent to a joint application, until its call closes."""
    asked = Participant.objects.filter(consent=Participant.Consent.ASKED, application__state=State.CONSENT)
    if viewer is not SYSTEM:
        asked = asked.filter(municipality=viewer.office.code, application__call__closes_on__gte=on)
    for part in asked.select_related("application__region", "application__call"):
        one = part.application
        parties = parties_of(one) | {"town": (f"{OfficeKind.MUNICIPALITY.value}:{part.municipality_id}",)}
        url = reverse("subsidies:application_consent", args=[one.pk])
        since = localdate(one.state_since)
        yield Obligation("consent", part, one.call.closes_on, one.region.name, url, parties, since=since, about=one)


@source("correction")
def to_correct(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """What a town mends in an application, round by round."""
    rounds = CorrectionRound.objects.filter(resubmitted_at=None, application__state=State.RETURNED)
    if viewer is not SYSTEM:
        rounds = rounds.filter(_own(viewer, "application__"), due_on__gte=on)
    for asked in rounds.select_related("application__region").order_by("due_on"):
        yield of_case("correction", asked.application, asked.due_on, subject=asked, since=localdate(asked.at))


@when_sent("correction")
def note_reminder(one: Obligation, on: date) -> None:
    """The first reminder from the due date on opens the way to the lapse seven days later (T11)."""
    assert isinstance(one.subject, CorrectionRound)
    late = Q(reminded_on=None) | Q(reminded_on__lt=one.due_on)
    if on >= one.due_on:
        CorrectionRound.objects.filter(late, pk=one.subject.pk).update(reminded_on=on)


@source("apply")
def to_apply(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """The formal application after 内定."""
    yield from _next_days("apply", viewer, on)


@source("report_correction")
def to_correct_report(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """What a town mends in a report."""
    yield from _next_days("report_correction", viewer, on, REPORT_PAGE)


@source("report")
def to_report(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Performance reports that nobody has submitted."""
    waiting = Report.objects.filter(application__state__in=(State.REPORT_DUE, State.REPORT_OVERDUE))
    if viewer is not SYSTEM:
        waiting = waiting.filter(_own(viewer, "application__"), due_on__gte=on)
    for report in waiting.select_related("application__region").prefetch_related("reminders").order_by("due_on"):
        told = max([localdate(report.opened_at), *(urged.sent_on for urged in report.reminders.all())])
        yield of_case("report", report.application, report.due_on, subject=report, since=told, page=REPORT_PAGE)


@source("progress")
def to_report_progress(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Progress reports that the prefecture asks for by a day and nobody has submitted (遂行状況報告)."""
    running = Application.objects.filter(_own(viewer), state=State.RUNNING)
    submitted = ProgressReport.objects.exclude(state=ProgressReport.State.DRAFT)
    rows = running.select_related("region__prefecture", "call__program").defer("purpose", "plan", "self_running_plan")
    for one in rows.prefetch_related(Prefetch("progress_reports", submitted, to_attr="told")):
        wanted = wanted_of(one)
        if wanted is not None and wanted.as_of <= on and not any(row.as_of >= wanted.as_of for row in one.told):
            yield of_case("progress", one, wanted.due_on, since=wanted.as_of, page=PROGRESS_PAGE)


@source("progress_read")
def to_read_progress(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Progress reports that were submitted and that nobody has read; an advance may wait for it."""
    told = ProgressReport.objects.filter(state=ProgressReport.State.SUBMITTED, submitted_at__isnull=False)
    if viewer is not SYSTEM:
        told = told.filter(_own(viewer, "application__"))
    for report in told.select_related("application__region").order_by("submitted_at"):
        assert report.submitted_at is not None  # asked for above
        day = localdate(report.submitted_at)
        due_on = kinds()["progress_read"].due_from(day)
        yield of_case("progress_read", report.application, due_on, subject=report, since=day, page=PROGRESS_PAGE)


@source("change_correction")
def to_correct_change(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Requests to change, stop or extend that were sent back and that the towns have not submitted again."""
    for change in _changes(viewer, ChangeRequest.State.RETURNED):
        yield _of_change("change_correction", change, change.returned_at)


@source("change_review")
def to_review_change(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Requests to change, stop or extend on which the bureau's staff has no opinion yet; the work waits for them."""
    for change in _changes(viewer, ChangeRequest.State.SUBMITTED, opinion=""):
        yield _of_change("change_review", change, change.submitted_at)


@source("change_decision")
def to_decide_change(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Those with an opinion: whoever decides owes it, of a carry-over headquarters."""
    for change in _changes(viewer, ChangeRequest.State.SUBMITTED).exclude(opinion=""):
        authority = rules_of(change.application.call.ruleset).value("decision_authority")
        delay = change.kind == ChangeRequest.Kind.DELAY
        above = change.crosses_year if delay else authority != "bureau"
        yield _of_change("change_decision", change, change.opinion_at, to="headquarters" if above else "bureau")


@source("finding")
def to_conclude(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Findings on which nobody has said what follows: for each grant the oldest one."""
    rows = Finding.objects.filter(conclusion="", gone_at=None)
    if viewer is not SYSTEM:
        rows = rows.filter(_own(viewer, "application__"))
    seen: set[int] = set()
    for row in rows.select_related("application__region").order_by("found_at", "pk"):
        if row.application_id not in seen:
            seen.add(row.application_id)
            day = localdate(row.found_at)
            due_on, page = kinds()["finding"].due_from(day), "subsidies:case_findings"
            yield of_case("finding", row.application, due_on, subject=row, since=day, page=page)


@source("disclosure")
def to_approve(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Disclosures that wait for a decider of headquarters."""
    rows = Package.objects.filter(kind=Package.Kind.DISCLOSURE, state=Package.State.ASKED)
    for row in (rows if viewer is SYSTEM else rows.visible_to(viewer)).order_by("asked_at"):
        day = localdate(row.asked_at)
        parties = {"headquarters": (f"{OfficeKind.PREFECTURE.value}:{row.prefecture_id}",)}
        url = reverse("subsidies:disclosure_detail", args=[row.pk])
        due_on = kinds()["disclosure"].due_from(day)
        yield Obligation("disclosure", row, due_on, "情報公開用の書き出し", url, parties, since=day)


@source("return")
def to_return(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Money that was ordered back (返還)."""
    open_claims = Payment.objects.filter(kind=Payment.Kind.RETURN, paid_on=None, due_on__isnull=False)
    if viewer is not SYSTEM:
        open_claims = open_claims.filter(_own(viewer, "application__"), due_on__gte=on)
    for claim in open_claims.exclude(state=Payment.State.REFUSED).select_related("application__region"):
        yield of_case(
            "return", claim.application, claim.due_on, subject=claim, since=claim.claimed_on,
            page="subsidies:application_payments",
        )  # fmt: skip


@source("follow_up")
def to_follow_up(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """The yearly question after the support, by the end of its fiscal year; asked once the year has begun.

    The year before is looked at too: who missed its last day is reminded once more in April.
    """
    year = int(FiscalYear.of(on))
    open_rows = FollowUp.objects.filter(answered_at=None, fiscal_year__in=(year - 1, year))
    if viewer is not SYSTEM:
        open_rows = open_rows.filter(_own(viewer, "application__"))
    for row in open_rows.select_related("application__region", "project"):
        one = row.application
        url = reverse("subsidies:follow_up_detail", args=[row.pk])
        name = f"{one.region.name}「{row.project.name}」"
        yield Obligation("follow_up", row, row.year.last_day, name, url, parties_of(one), about=one)


@source("decision")
def to_decide(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Decisions that are expected by a day: for each call and office what is open there."""
    open_cases = Application.objects.filter(state__in=UNDER_REVIEW, call__decision_expected_on__isnull=False)
    if viewer is not SYSTEM:
        open_cases = open_cases.filter(_own(viewer), call__decision_expected_on__gte=on)
    elsewhere = Q(state__in=(State.SUBMITTED, State.BUREAU_REVIEW))
    url = reverse("subsidies:application_list") + "?group=review"
    for party, held, columns in (
        ("bureau", elsewhere, ("lead_bureau",)),
        ("headquarters", ~elsewhere, ("region__prefecture",)),
    ):
        counted = open_cases.filter(held).order_by().values(
            "call", "call__program__short_name", "call__fiscal_year", "call__round", "call__decision_expected_on",
            *columns,
        )  # fmt: skip
        for row in counted.annotate(many=Count("pk")):
            code = row[columns[0]]
            kind = OfficeKind.BUREAU if party == "bureau" else OfficeKind.PREFECTURE
            wareki = FiscalYear(row["call__fiscal_year"]).wareki
            name = f"{row['call__program__short_name']} {wareki} 第{row['call__round']}次（未決{row['many']}件）"
            yield Obligation(
                "decision",
                ("subsidies.call", f"{row['call']}:{kind.value}:{code}"),
                row["call__decision_expected_on"],
                name,
                url,
                {party: (f"{kind.value}:{code}",)},
                about=("subsidies.call", row["call"]),
            )


@source("fix")
def to_fix(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Grants of a year that is over and whose amount is not fixed, for each bureau until the books close."""
    yield from _until_books_close("fix", viewer, on, TO_INSPECT, "lead_bureau", OfficeKind.BUREAU)


@source("books")
def to_settle(viewer: Viewer, on: date) -> Iterator[Obligation]:
    """Fixed amounts of a year that is over and not yet settled, for the accounts until the books close."""
    yield from _until_books_close("books", viewer, on, TO_PAY, "region__prefecture", OfficeKind.PREFECTURE)


def _until_books_close(
    key: str, viewer: Viewer, on: date, states: tuple[State, ...], column: str, kind: OfficeKind
) -> Iterator[Obligation]:
    """For each year that is over and each office; what was carried over is paid from the next year's books."""
    party = "bureau" if kind == OfficeKind.BUREAU else "headquarters"
    now = int(FiscalYear.of(on))
    over = Q(fiscal_year__lt=now, carried_over=False) | Q(fiscal_year__lt=now - 1, carried_over=True)
    rows = Application.objects.filter(_own(viewer), over, state__in=states)
    for row in rows.order_by().values("fiscal_year", "carried_over", column).annotate(many=Count("pk")):
        year, carried, code = FiscalYear(row["fiscal_year"]), row["carried_over"], row[column]
        yield Obligation(
            key,
            ("subsidies.fiscalyear", f"{int(year)}:{kind.value}:{code}" + (":carried" if carried else "")),
            FiscalYear(year + carried).books_close_on,
            f"{year.wareki}{'からの繰越' if carried else ''}（{row['many']}件）",
            reverse("subsidies:application_list") + f"?group=report&year={int(year)}",
            {party: (f"{kind.value}:{code}",)},
        )


def _next_days(key: str, viewer: Viewer, on: date, page: str = CASE_PAGE) -> Iterator[Obligation]:
    for one in cases(viewer, on, NEXT_DAY_OF[key]):
        yield of_case(key, one, one.due_on, since=localdate(one.state_since), page=page)


def _changes(viewer: Viewer, state: str, **more: Any) -> QuerySet[ChangeRequest]:
    """Requests in this state, the oldest first, with what their line names; a town those it leads, a bureau its own."""
    rows = ChangeRequest.objects.filter(state=state, **more)
    if viewer is not SYSTEM:
        rows = rows.filter(_own(viewer, "application__"))
    return rows.select_related("application__region", "application__call__ruleset").order_by("submitted_at", "pk")


def _of_change(key: str, change: ChangeRequest, since: datetime | None, *, to: str = "") -> Obligation:
    """A request that waits since then; `to` names the one party that owes, where the kind has several."""
    assert since is not None  # the states asked for name their time
    one, day = change.application, localdate(since)
    parties = parties_of(one)
    return Obligation(
        key,
        change,
        kinds()[key].due_from(day),
        f"{one.region.name}（{change.title}）",
        reverse("subsidies:change_detail", args=[one.pk, change.number]),
        {to: parties[to]} if to else parties,
        since=day,
        about=one,
    )


def _own(viewer: Viewer, path: str = "") -> Q:
    """What the table can address this office for: a town what it leads, a bureau its own cases, others all."""
    if viewer.is_municipal:
        return Q(**{f"{path}lead": viewer.office.code})
    return Q(**{f"{path}lead_bureau": viewer.office.code}) if viewer.is_bureau else Q()
