"""Progress, performance report, inspection and fixed amount on the page of a grant: how they stand, and the acts."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common import clock
from common.fiscal_year import short_day
from common.viewer import Duty, Viewer
from common.yen import show_yen

from ..dossier import takes_part
from ..duties import PROGRESS, REPORT
from ..models import Application, ProgressReport, Report
from ..progress_days import wanted_of
from ..reporting import may_write, report_of
from ..services.advance import open_actions
from ..services.progress import progress_accepted
from ..states import State
from ..workflow import Action
from .registry import Offer, Place, Topic, offers, topics

UNDER_WAY = (State.RUNNING, State.SUSPENDED)


@topics(Place.PROGRESS)
def progress_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """遂行状況: what is due by when, what was submitted last."""
    if not viewer.may(PROGRESS):
        return
    own = takes_part(application, viewer) or viewer.has(Duty.AU)
    reports = application.progress_reports.order_by("-as_of")
    last = (reports if own else reports.filter(submitted_at__isnull=False)).first()
    wanted = wanted_of(application)
    if last is None and (wanted is None or application.state not in UNDER_WAY):
        if application.state in UNDER_WAY:
            yield Topic("遂行状況", _url(application, "application_progress"), "報告はまだありません")
        return
    waits = last is not None and last.state == ProgressReport.State.SUBMITTED
    late = application.state in UNDER_WAY and not progress_accepted(application) and not waits
    said = f"{short_day(last.as_of)}現在　{last.get_state_display()}" if last is not None else "報告はまだありません"
    if wanted is not None and late:
        said = f"{short_day(wanted.as_of)}現在の報告が期限（{short_day(wanted.due_on)}）を過ぎています"
    due = late and own if not waits else viewer.is_bureau and viewer.has(Duty.BS)
    yield Topic("遂行状況", _url(application, "application_progress"), said, due)


@topics(Place.REPORT)
def report_topic(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """実績報告から額の確定まで: state, day, and the amount once it is fixed."""
    report = report_of(application)
    if report is None or not viewer.may(REPORT):
        return
    said = report.get_state_display()
    if report.state == Report.State.DUE:
        said += f"　期限 {short_day(report.due_on)}"
        if report.due_on < clock.today():
            said += "（過ぎています）"
    elif application.fixed_yen is not None:
        said += f"　確定額 {show_yen(application.fixed_yen)}円"
    due = bool({Action.INSPECT, Action.FIX} & set(open_actions(application, viewer))) or may_write(application, viewer)
    yield Topic("実績報告・検査・額の確定", _url(application, "report_detail"), said, due)


@offers
def report_acts(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """What this person may do about the end of the work now."""
    actions = set(open_actions(application, viewer))
    if application.state in UNDER_WAY and viewer.has(Duty.MP) and takes_part(application, viewer):
        yield Offer("遂行状況を報告する", _url(application, "application_progress"))
    if Action.COMPLETE in actions:
        yield Offer("事業の完了を届け出る", _url(application, "work_complete"))
    if may_write(application, viewer):
        yield Offer("実績を入力する", _url(application, "report_edit"), main=True)
        if application.state == State.REPORT_RETURNED and viewer.has(Duty.MP):
            yield Offer("補正に回答する", _url(application, "report_answers"))
    if actions & {Action.REPORT, Action.REPORT_AGAIN}:
        yield Offer("実績報告を提出する", _url(application, "report_submit"), main=True)
    if application.state == State.REPORT_OVERDUE and _reviews(application, viewer):
        yield Offer("実績報告を督促する", _url(application, "report_urge"))
    if Action.INSPECT in actions:
        yield Offer("補正を依頼する", _url(application, "report_return"))
        yield Offer("検査する", _url(application, "report_inspect"), main=True)
    if Action.FIX in actions:
        yield Offer("額を確定する", _url(application, "report_fix"), main=True)


def _reviews(application: Application, viewer: Viewer) -> bool:
    return viewer.is_bureau and viewer.has(Duty.BS) and viewer.office.code == application.lead_bureau_id


def _url(application: Application, name: str) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk])
