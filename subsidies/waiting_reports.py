"""What waits for whom in the reports of a grant: progress, performance report, inspection, fixed amount."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from common import clock
from common.viewer import Viewer

from .errands import Errand
from .models import ProgressItem, ProgressReport, ProgressSpent, ReportCost, ReportItem
from .states import State

S = State
PROGRESS_PAGE = "subsidies:application_progress"
TO_REPORT = (S.REPORT_DUE, S.REPORT_OVERDUE)
UNDER_WAY = (S.RUNNING, S.SUSPENDED)


def of_planner(viewer: Viewer) -> Iterator[Errand]:
    """The lead's planner writes the report and answers what the bureau wants mended."""
    mine = Q(lead=viewer.office.code)
    asked = mine & Q(_unanswered())
    yield Errand("mend_report", "報告の補正", (S.REPORT_RETURNED,), asked, "subsidies:report_answers")
    yield Errand("report", "要報告", TO_REPORT, mine, "subsidies:report_edit")
    told = mine & Q(_progress_draft()) & ~Q(_progress_ready())
    yield Errand("write_progress", "遂行状況の作成", UNDER_WAY, told, PROGRESS_PAGE)


def of_approver(viewer: Viewer) -> Iterator[Errand]:
    """The lead's approver hands in what is written."""
    mine = Q(lead=viewer.office.code)
    empty = ReportCost.objects.filter(report__application=OuterRef("pk"), eligible_yen=None)
    written = mine & ~Q(Exists(empty)) & ~Q(report__work_done="")
    yield Errand("hand_in_report", "報告の提出", TO_REPORT, written, "subsidies:report_submit")
    again = mine & ~Q(_unanswered())
    yield Errand("report_again", "報告の再提出", (S.REPORT_RETURNED,), again, "subsidies:report_submit")
    yield Errand("hand_in_progress", "遂行状況の提出", UNDER_WAY, mine & Q(_progress_ready()), PROGRESS_PAGE)


def of_field_officer(viewer: Viewer) -> Iterator[Errand]:
    """A field officer tells what the lines of her initiatives cost."""
    lines = ReportCost.objects.filter(report__application=OuterRef("pk"), actual_yen=None)
    own = lines.filter(cost__project__application_items__assignees=viewer.works_as)
    yield Errand("report_lines", "実績の入力", TO_REPORT, Q(Exists(own)), "subsidies:report_edit")


def of_staff(viewer: Viewer) -> Iterator[Errand]:
    """The lead bureau's reviewer inspects, urges what is late, reads how the work goes."""
    mine = Q(lead_bureau=viewer.office.code)
    yield Errand("inspect", "要検査", (S.REPORTED,), mine, "subsidies:report_inspect")
    late = mine & Q(report__due_on__lt=clock.today())
    yield Errand("urge", "要督促", (S.REPORT_OVERDUE,), late, "subsidies:report_urge")
    told = ProgressReport.objects.filter(application=OuterRef("pk"), state=ProgressReport.State.SUBMITTED)
    yield Errand("progress", "遂行状況の確認", UNDER_WAY, mine & Q(Exists(told)), PROGRESS_PAGE)


def of_decider(ours: Q) -> Iterator[Errand]:
    """The decider fixes the amount; `ours` are the grants that this office decides."""
    yield Errand("fix", "要確定", (S.INSPECTED,), ours, "subsidies:report_fix")


def _progress_draft() -> Exists:
    """A progress report that was begun, or given back with a comment."""
    return Exists(ProgressReport.objects.filter(application=OuterRef("pk"), state=ProgressReport.State.DRAFT))


def _progress_ready() -> Exists:
    """A progress report in which nothing is missing any more (`services.progress.missing_in`)."""
    items = ProgressItem.objects.filter(progress=OuterRef("pk")).filter(Q(done_percent=None) | Q(text=""))
    spent = ProgressSpent.objects.filter(progress=OuterRef("pk"), spent_yen=None)
    drafts = ProgressReport.objects.filter(application=OuterRef("pk"), state=ProgressReport.State.DRAFT)
    return Exists(drafts.exclude(outlook="").exclude(Exists(items)).exclude(Exists(spent)))


def _unanswered() -> Exists:
    return Exists(ReportItem.objects.filter(report__application=OuterRef("pk"), answer=""))
