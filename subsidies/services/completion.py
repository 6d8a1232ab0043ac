"""The end of the work and the report that follows it (T27–T30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.access import require
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import SYSTEM, Access, Duty, Viewer

from ..approved_plan import approved_plan
from ..duties import REPORT
from ..issuing import issue_paper
from ..models import Application, CaseSheet, Report, ReportCost, ReportIncome, ReportItem, ReportShare
from ..rules.settlement import report_due
from ..rulesets import rules_of
from ..states import State
from ..workflow import Action, Side
from .advance import advance, locked, one_by_one, sits_on
from .change_effects import drop_open

WRITES = "実績報告は、参加市町村の企画担当と、取組を割り当てられた事業担当が作成します。"
COST_COLUMNS = ("actual_yen", "eligible_yen", "note", "evidence")
WRITABLE = (State.REPORT_DUE, State.REPORT_OVERDUE, State.REPORT_RETURNED)


@dataclass(frozen=True)
class CostInput:
    """What was typed for one line of the plan, by the number of the line; None for an empty cell (whole yen)."""

    actual_yen: int | None
    eligible_yen: int | None
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class IncomeInput:
    """One line of income; `number` is that of a line of the plan, or the next for a new one."""

    number: int
    kind: str
    description: str
    actual_yen: int | None


@dataclass(frozen=True)
class CaseInput:
    """The case sheet of one initiative (N-08); `cost_yen` is whole yen, None for an empty field."""

    title: str = ""
    effect: str = ""
    cost_yen: int | None = None
    obstacles: str = ""


@dataclass(frozen=True)
class ReportDraft:
    """Everything a person typed into the report; `shares` are whole yen by 6-digit code, `cases` by project."""

    work_done: str = ""
    effect: str = ""
    problems: str = ""
    outlook: str = ""
    document_no: str = ""
    costs: Mapping[int, CostInput] = field(default_factory=dict)
    incomes: Sequence[IncomeInput] = ()
    shares: Mapping[str, int | None] = field(default_factory=dict)
    cases: Mapping[int, CaseInput] = field(default_factory=dict)


@transaction.atomic
def complete(*, application_id: int, finished_on: date, viewer: Viewer) -> Application:
    """The lead tells that the work was finished on a day (T27); the report is due from then (W27)."""
    application = locked(application_id, viewer)
    advance(application, Action.COMPLETE, viewer, changes={"finished_on": finished_on})
    return open_report(application, finished_on)


@transaction.atomic
def finish(*, application_id: int, on: date) -> Application:
    """Time ends the work: the planned last day is over (T27)."""
    application = locked(application_id, SYSTEM)
    last = application.end_on or application.work_year.last_day
    advance(application, Action.FINISH, SYSTEM, changes={"finished_on": last}, on=on)
    return open_report(application, last)


@transaction.atomic
def save_report(*, application_id: int, draft: ReportDraft, revision: int, viewer: Viewer) -> Report:
    """Keep what was typed; nothing has to be complete yet.

    Raises Conflict when somebody else saved since `revision`, Refused with what cannot be kept, PermissionDenied.
    """
    application = locked(application_id, viewer)
    _require_planner(application, viewer)
    report = _writable(application, revision)
    _write(report, draft)
    return _saved(report, viewer, "実績報告を保存")


@transaction.atomic
def save_lines(*, application_id: int, costs: Mapping[int, CostInput], revision: int, viewer: Viewer) -> Report:
    """Keep what cost lines cost, by their number: any of them for a planner, for a field officer those of the
    initiatives assigned to her.

    Raises Conflict, Refused (a line of another initiative) and PermissionDenied.
    """
    application = locked(application_id, viewer)
    own = own_lines(application, viewer)
    report = _writable(application, revision)
    if others := sorted(costs.keys() - own):
        raise Refused(f"{'、'.join(map(str, others))}行目は、割り当てられた取組の経費ではありません。")
    _write_costs(report, costs)
    return _saved(report, viewer, "経費の実績を保存" if viewer.has(Duty.MP) else "担当する取組の実績を保存")


@transaction.atomic
def merge_lines(*, application_id: int, lines: Mapping[int, Mapping[str, Any]], viewer: Viewer) -> Report:
    """Write what a sheet tells of cost lines, by their number; columns that it does not have stay as they are.

    A line without an eligible part takes the whole actual cost. Raises Refused and PermissionDenied.
    """
    application = locked(application_id, viewer)
    present = {row.cost.number: row for row in Report.objects.get(application=application).costs.select_related("cost")}
    merged = {}
    for number, given in lines.items():
        row = {name: getattr(present[number], name) for name in COST_COLUMNS} if number in present else {}
        row |= given
        if row.get("eligible_yen") is None:
            row["eligible_yen"] = row.get("actual_yen")
        merged[number] = CostInput(**row)
    return save_lines(application_id=application_id, costs=merged, revision=application.report.revision, viewer=viewer)


def note_form(application: Application, viewer: Viewer) -> None:
    """Whoever takes the costs of a report out of the house as a form is on record."""
    audit.record(viewer, "report.form", application, "実績報告の経費の様式を書き出し")


def own_lines(application: Application, viewer: Viewer) -> set[int]:
    """The numbers of the cost lines that this person reports on: all for a planner, for a field officer those of
    the initiatives assigned to her. Raises PermissionDenied where there is none."""
    require(viewer, REPORT, Access.EDIT)
    if not sits_on(application, Side.PARTICIPANT, viewer):
        raise PermissionDenied(WRITES)
    lines = application.costs.all()
    if not viewer.has(Duty.MP):
        lines = lines.filter(project__in=application.items.filter(assignees=viewer.works_as).values("project"))
    found = set(lines.values_list("number", flat=True))
    if not found and not viewer.has(Duty.MP):
        raise PermissionDenied(WRITES)
    return found


@transaction.atomic
def submit(*, application_id: int, viewer: Viewer) -> Application:
    """The approver of the lead reports in the region's name (T29), again after a correction (T30)."""
    application = locked(application_id, viewer)
    report = locking(Report.objects).get(application=application)
    again = application.state == State.REPORT_RETURNED
    advance(application, Action.REPORT_AGAIN if again else Action.REPORT, viewer, changes={"due_on": None})
    report.state, report.submitted_at, report.submitted_by_id = Report.State.SUBMITTED, clock.now(), viewer.person
    report.save(update_fields=["state", "submitted_at", "submitted_by"])
    issue_paper("D-18", application, viewer, report=report)
    return application


@transaction.atomic
def send_back(*, application_id: int, items: Sequence[str], due_on: date | None, viewer: Viewer) -> Application:
    """The bureau asks for corrections of a submitted report (T30)."""
    application = locked(application_id, viewer)
    asked = [text.strip() for text in items if text.strip()]
    advance(application, Action.RETURN_REPORT, viewer, changes={"due_on": due_on}, items=asked)
    assert due_on is not None  # the guard has refused a return without a day
    report = locking(Report.objects).get(application=application)
    turn = (report.items.order_by("-round").values_list("round", flat=True).first() or 0) + 1
    ReportItem.objects.bulk_create(
        ReportItem(report=report, round=turn, number=number, text=text, due_on=due_on, asked_by_id=viewer.person,
                   asked_at=clock.now())
        for number, text in enumerate(asked, 1)
    )  # fmt: skip
    report.state = Report.State.RETURNED
    report.save(update_fields=["state"])
    return application


@transaction.atomic
def answer_items(*, application_id: int, answers: Mapping[int, str], viewer: Viewer) -> int:
    """Write what was mended, item by item (id → text); return how many were answered now."""
    application = locked(application_id, viewer)
    _require_planner(application, viewer)
    if application.state != State.REPORT_RETURNED:
        raise Refused("補正の回答は、差し戻された実績報告に記入します。")
    done = 0
    for item in locking(application.report.items).filter(pk__in=answers):
        text = answers[item.pk].strip()
        item.answer, item.answered_at = text, clock.now() if text else None
        item.save(update_fields=["answer", "answered_at"])
        done += bool(text)
    return done


def _writable(application: Application, revision: int) -> Report:
    """The locked report where it may be written. Raises Refused and Conflict."""
    if application.state not in WRITABLE:
        raise Refused(f"「{application.get_state_display()}」の申請の実績報告は変更できません。")
    report = locking(Report.objects).get(application=application)
    if report.revision != revision:
        raise Conflict("ほかの人が先に保存しました。内容を確かめてから、もう一度保存してください。")
    return report


def _saved(report: Report, viewer: Viewer, title: str) -> Report:
    report.revision += 1
    report.saved_at = clock.now()
    report.save()
    audit.record(viewer, "report.save", report.application, title, after={"revision": report.revision})
    return report


def _require_planner(application: Application, viewer: Viewer) -> None:
    """Raise PermissionDenied unless a planner of a municipality that takes part writes."""
    require(viewer, REPORT, Access.EDIT)
    if not (viewer.has(Duty.MP) and sits_on(application, Side.PARTICIPANT, viewer)):
        raise PermissionDenied("実績報告は、参加市町村の企画担当が作成します。")


def run_due(on: date) -> dict[str, int]:
    """What time brings to grants at work: the end (T27), the missed day (T28). Idempotent; counts."""
    over = Application.objects.filter(state__in=[State.RUNNING, State.SUSPENDED], end_on__lt=on).values_list(
        "pk", flat=True
    )
    finished = one_by_one(over, lambda pk: finish(application_id=pk, on=on))
    late = Report.objects.filter(application__state=State.REPORT_DUE, due_on__lt=on)
    missed = late.values_list("application_id", flat=True)
    one_by_one(missed, lambda pk: advance(locked(pk, SYSTEM), Action.MISS_REPORT, SYSTEM, on=on))
    return {"finished": finished}


def open_report(application: Application, finished_on: date, *, approved_on: date | None = None) -> Application:
    """Make the report with the lines of the plan that counts now; what to report stands there before anybody types.

    The application is locked and in 実績報告待ち; `approved_on` is the day on which a discontinuation was approved.
    """
    drop_open(application, SYSTEM, "事業が終わったため、手続を終了しました。")
    plan = approved_plan(application)
    due_on = report_due(rules_of(application.call.ruleset), finished_on, approved_on=approved_on)
    report = Report.objects.create(
        application=application, finished_on=finished_on, due_on=due_on, opened_at=clock.now()
    )
    ReportCost.objects.bulk_create(ReportCost(report=report, cost=line) for line in application.costs.all())
    ReportIncome.objects.bulk_create(
        ReportIncome(report=report, number=line.number, kind=line.kind, description=line.description,
                     planned_yen=line.amount_yen)
        for line in plan.incomes
    )  # fmt: skip
    ReportShare.objects.bulk_create(
        ReportShare(report=report, municipality_id=share.code, planned_yen=share.split_yen) for share in plan.shares
    )
    if rules_of(application.call.ruleset).value("case_sheet") == "required":
        CaseSheet.objects.bulk_create(
            CaseSheet(report=report, project_id=project)
            for project in application.items.values_list("project", flat=True)
        )
    application.due_on = due_on
    application.save(update_fields=["due_on"])
    return application


def _write(report: Report, draft: ReportDraft) -> None:
    shares = {share.municipality_id: share for share in report.shares.all()}
    sheets = {sheet.project_id: sheet for sheet in report.case_sheets.all()}
    problems = []
    if any(line.actual_yen is not None and line.actual_yen < 0 for line in draft.incomes):
        problems.append("収入は0以上の整数（円）で入力してください。")
    if any(yen is not None and yen < 0 for yen in draft.shares.values()):
        problems.append("市町村別の精算は0以上の整数（円）で入力してください。")
    if draft.shares.keys() - shares.keys():
        problems.append("参加していない市町村の精算額が含まれています。")
    if len({line.number for line in draft.incomes}) < len(draft.incomes):
        problems.append("収入の行番号が重なっています。")
    if any(case.cost_yen is not None and case.cost_yen < 0 for case in draft.cases.values()):
        problems.append("事例シートの費用は0以上の整数（円）で入力してください。")
    _write_costs(report, draft.costs, *problems)
    for name in ("work_done", "effect", "problems", "outlook", "document_no"):
        setattr(report, name, getattr(draft, name).strip())
    for code, yen in draft.shares.items():
        shares[code].actual_yen = yen
    ReportShare.objects.bulk_update(shares.values(), ["actual_yen"])
    for project, case in draft.cases.items():
        if project in sheets:
            sheet = sheets[project]
            sheet.title, sheet.effect, sheet.obstacles = case.title.strip(), case.effect.strip(), case.obstacles.strip()
            sheet.cost_yen = case.cost_yen
    CaseSheet.objects.bulk_update(sheets.values(), ["title", "effect", "cost_yen", "obstacles"])
    _write_incomes(report, draft.incomes)


def _write_costs(report: Report, typed_lines: Mapping[int, CostInput], *further: str) -> None:
    """Keep what the lines cost. Raises Refused with what is wrong with them and what else was found wrong."""
    costs = {line.cost.number: line for line in report.costs.select_related("cost")}
    problems = [f"{number}行目の経費は計画にありません。" for number in sorted(typed_lines.keys() - costs.keys())]
    for number, typed in typed_lines.items():
        if typed.eligible_yen is not None and (typed.actual_yen is None or typed.eligible_yen > typed.actual_yen):
            problems.append(f"{number}行目：対象額は実績額以内にしてください。")
        if any(yen is not None and yen < 0 for yen in (typed.actual_yen, typed.eligible_yen)):
            problems.append(f"{number}行目：0以上の整数（円）で入力してください。")
    if problems or further:
        raise Refused(*problems, *further)
    for number, typed in typed_lines.items():
        line = costs[number]
        line.actual_yen, line.eligible_yen = typed.actual_yen, typed.eligible_yen
        line.note, line.evidence = typed.note.strip(), typed.evidence.strip()
    ReportCost.objects.bulk_update(costs.values(), COST_COLUMNS)


def _write_incomes(report: Report, told_lines: Sequence[IncomeInput]) -> None:
    """Keep the actual income; a line that the plan does not have and that was left out goes."""
    incomes = {line.number: line for line in report.incomes.all()}
    kept = {line.number for line in told_lines}
    report.incomes.filter(planned_yen=0).exclude(number__in=kept).delete()
    for told in told_lines:
        income = incomes.get(told.number) or ReportIncome(report=report, number=told.number, kind=told.kind)
        income.actual_yen = told.actual_yen
        if not income.planned_yen:
            income.kind, income.description = told.kind, told.description.strip()
        income.save()
