"""Urging a performance report that was not handed in (実績報告の督促, D-16)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock, notices
from common.access import require
from common.errors import Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer

from ..duties import REPORT
from ..issuing import issue_paper
from ..models import Report, ReportReminder
from ..states import State
from ..workflow import Side
from .advance import locked, sits_on


@transaction.atomic
def urge(*, application_id: int, new_due_on: date, viewer: Viewer, text: str = "") -> ReportReminder:
    """The lead bureau's reviewer urges an overdue report and names the new day; the paper goes out with its number.

    Raises Refused (not overdue, once today already, a day that has passed), PermissionDenied.
    """
    application = locked(application_id, viewer)
    require(viewer, REPORT, Access.SUBMIT)
    if not (sits_on(application, Side.BUREAU, viewer) and viewer.has(Duty.BS)):
        raise PermissionDenied("督促は、主管の振興局の審査担当が行います。")
    today = clock.today()
    problems = []
    if application.state != State.REPORT_OVERDUE:
        problems.append(f"「{application.get_state_display()}」の申請には督促を行えません。")
    if new_due_on <= today:
        problems.append("新しい期限は、明日以後の日にしてください。")
    report = locking(Report.objects).filter(application=application).first()
    if report is not None and report.reminders.filter(sent_on=today).exists():
        problems.append("本日はすでに督促しています。")
    if problems or report is None:
        raise Refused(*(problems or ["実績報告がまだ始まっていません。"]))
    reminder = ReportReminder.objects.create(
        report=report, sent_on=today, old_due_on=report.due_on, new_due_on=new_due_on, text=text.strip(),
        sent_by_id=viewer.person,
    )  # fmt: skip
    reminder.document = issue_paper("D-16", application, viewer, reminder=reminder)
    reminder.save(update_fields=["document"])
    report.due_on = new_due_on
    report.save(update_fields=["due_on"])
    application.due_on = new_due_on
    application.save(update_fields=["due_on"])
    days = {"old_due_on": reminder.old_due_on, "new_due_on": new_due_on}
    audit.record(viewer, "report.urge", application, "実績報告の督促", after=days, reason=text.strip())
    title = f"実績報告の督促がありました（新しい期限{wareki(new_due_on)}）：{application.region.name}"
    lead = f"{OfficeKind.MUNICIPALITY}:{application.lead_id}"
    notices.send(lead, (Duty.MP, Duty.MA), title, subject=application)
    return reminder
