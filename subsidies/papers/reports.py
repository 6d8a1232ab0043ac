"""Papers that the work itself brings: 遂行状況, 督促, 実績報告, 検査調書, 額の確定."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from common.documents import Head

from ..approved_plan import approved_costs, granted_plan
from ..evidence import evidence_of
from ..kpi_actuals import kpi_lines
from ..models import Application, Decision, Inspection, ProgressReport, Report, ReportReminder, Settlement
from ..rules.exact import share_text
from ..settling import reckon, sums_of
from . import sources
from .schema import Reference
from .schema.reports import (
    ActualCost,
    ActualIncome,
    ActualShare,
    Case,
    Check,
    EvidenceRow,
    FixedAmount,
    InspectionRecord,
    KpiActual,
    Performance,
    Progress,
    ProgressRow,
    Reminder,
    Sample,
    SpentRow,
)


def progress(application: Application, *, report: ProgressReport) -> Progress:
    """D-15 遂行状況報告書 as of a day. Raises ValueError while something is missing."""
    spent = tuple(
        SpentRow(row.get_category_display(), row.planned_yen, _typed(row.spent_yen)) for row in report.spent.all()
    )
    return Progress(
        head=_own_number(sources.form_head("D-15", "遂行状況報告書", application), report.document_no),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_decision(application),
        title=application.title or application.region.name,
        amount_yen=application.granted_yen or 0,
        as_of=report.as_of,
        items=tuple(
            ProgressRow(row.item.project.name, _typed(row.done_percent), row.text)
            for row in report.items.select_related("item__project")
        ),
        spent=spent,
        planned_yen=sum(row.planned_yen for row in spent),
        spent_yen=sum(row.spent_yen for row in spent),
        kpis=_kpis(application),
        problems=report.problems,
        outlook=report.outlook,
    )


def reminder(application: Application, *, reminder: ReportReminder) -> Reminder:
    """D-16 実績報告の督促."""
    return Reminder(
        head=sources.letter_head(
            "D-16", "実績報告書の提出について（督促）", application, sources.bureau_head(application)
        ),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_decision(application),
        finished_on=reminder.report.finished_on,
        due_on=reminder.old_due_on,
        new_due_on=reminder.new_due_on,
        text=reminder.text,
        contact=application.lead_bureau.name,
    )


def performance(application: Application, *, report: Report) -> Performance:
    """D-18 実績報告書 with its annexes. Raises ValueError while a figure is missing."""
    sums = sums_of(report)
    reckoned = reckon(application, eligible_yen=sums.eligible_yen, other_income_yen=sums.other_income_yen)
    granted = {line.number: line.amount_yen for line in granted_plan(application).costs}
    planned = approved_costs(application)
    costs = tuple(
        ActualCost(
            number=row.cost.number,
            category=row.cost.get_category_display(),
            project=row.cost.project.name if row.cost.project else "",
            description=row.cost.description,
            granted_yen=granted.get(row.cost.number, 0),
            planned_yen=planned[row.cost.number].amount_yen,
            actual_yen=_typed(row.actual_yen),
            eligible_yen=_typed(row.eligible_yen),
            difference_yen=_typed(row.actual_yen) - planned[row.cost.number].amount_yen,
            note=row.note,
            evidence=row.evidence,
        )
        for row in report.costs.select_related("cost__project")
    )
    incomes = tuple(
        ActualIncome(
            line.get_kind_display(),
            line.description,
            line.planned_yen,
            _typed(line.actual_yen),
            _typed(line.actual_yen) - line.planned_yen,
        )
        for line in report.incomes.all()
    )
    shares = list(report.shares.select_related("municipality"))
    fixed = reckoned.result.fixed_yen
    planned_receipts = reckoned.granted_yen + sum(line.planned_yen for line in incomes)
    actual_receipts = fixed + sum(line.actual_yen for line in incomes)
    planned_shares = sum(share.planned_yen for share in shares)
    return Performance(
        head=_own_number(sources.form_head("D-18", "実績報告書", application), report.document_no),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_decision(application),
        title=application.title or application.region.name,
        projects=sources.projects_of(application),
        start_on=application.start_on or report.finished_on,
        finished_on=report.finished_on,
        granted_yen=reckoned.granted_yen,
        settled_yen=fixed,
        settled_difference_yen=fixed - reckoned.granted_yen,
        member_word=sources.member_word(share.municipality for share in shares),
        costs=costs,
        granted_cost_yen=sum(line.granted_yen for line in costs),
        planned_cost_yen=sum(line.planned_yen for line in costs),
        actual_cost_yen=sums.actual_yen,
        cost_difference_yen=sum(line.difference_yen for line in costs),
        eligible_yen=sums.eligible_yen,
        incomes=incomes,
        planned_receipts_yen=planned_receipts,
        actual_receipts_yen=actual_receipts,
        receipts_difference_yen=actual_receipts - planned_receipts,
        other_income_yen=sums.other_income_yen,
        rate=reckoned.rate_text,
        shares=tuple(
            ActualShare(
                share.municipality.name,
                share.municipality_id == application.lead_id,
                share.planned_yen,
                _typed(share.actual_yen),
                _typed(share.actual_yen) - share.planned_yen,
            )
            for share in shares
        ),
        planned_shares_yen=planned_shares,
        shares_difference_yen=fixed - planned_shares,
        kpis=_kpis(application),
        work_done=report.work_done,
        effect=report.effect,
        problems=report.problems,
        outlook=report.outlook,
        evidence=tuple(
            EvidenceRow(line.cost.number, line.evidence, stored.name, stored.sha256)
            for line, stored in evidence_of(report)
        ),
        cases=tuple(
            Case(sheet.project.name, sheet.title, sheet.effect, _typed(sheet.cost_yen), sheet.obstacles)
            for sheet in report.case_sheets.select_related("project")
            if sheet.is_complete
        ),
    )


def inspection_record(application: Application, *, inspection: Inspection) -> InspectionRecord:
    """D-19 検査調書 (庁内限り)."""
    report = application.report
    sums = sums_of(report)
    reckoned = reckon(application, eligible_yen=inspection.eligible_yen, other_income_yen=inspection.other_income_yen)
    checks = tuple(Check(check["text"], bool(check["ok"]), check["note"]) for check in inspection.checks)
    lines = report.costs.filter(cost__number__in=inspection.sampled).select_related("cost")
    return InspectionRecord(
        head=sources.inner_head("D-19", "検査調書", application, application.lead_bureau.name),
        program=application.call.program.name,
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        lead=application.lead.name,
        title=application.title or application.region.name,
        decision=_decision(application),
        method=inspection.get_method_display(),
        held_on=inspection.held_on,
        inspector=inspection.inspected_who,
        finished_on=report.finished_on,
        checks=checks,
        samples=tuple(
            Sample(
                line.cost.number,
                line.cost.description,
                line.evidence,
                _typed(line.actual_yen),
                _typed(line.eligible_yen),
            )
            for line in lines
        ),
        granted_yen=reckoned.granted_yen,
        reported_eligible_yen=sums.eligible_yen,
        eligible_yen=inspection.eligible_yen,
        reported_income_yen=sums.other_income_yen,
        other_income_yen=inspection.other_income_yen,
        rate=reckoned.rate_text,
        reckoned_yen=reckoned.result.fixed_yen,
        adjustment=inspection.adjustment,
        findings=inspection.findings,
        result="適" if all(check.right for check in checks) else "適でない事項がある",
    )


def fixed_amount(application: Application, *, settlement: Settlement, replaces: Decision | None = None) -> FixedAmount:
    """D-20 額の確定通知書; where an amount is fixed anew (T37) it names the notice that it `replaces`."""
    report = application.report
    reckoned = reckon(application, eligible_yen=settlement.eligible_yen, other_income_yen=settlement.other_income_yen)
    if report.submitted_at is None:
        raise ValueError("実績報告が提出されていません。")
    return FixedAmount(
        head=sources.letter_head("D-20", "額の確定通知書", application, sources.authority(application)),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        decision=_decision(application),
        report=Reference(report.document_no, timezone.localdate(report.submitted_at)),
        projects=sources.projects_of(application),
        granted_yen=settlement.granted_yen,
        eligible_yen=settlement.eligible_yen,
        other_income_yen=settlement.other_income_yen,
        rate=share_text(reckoned.rate),
        unit_yen=reckoned.unit_yen,
        fixed_yen=settlement.fixed_yen,
        paid_yen=settlement.paid_yen,
        to_pay_yen=settlement.to_pay_yen,
        to_return_yen=settlement.to_return_yen,
        reason=settlement.reason,
        books_years=sources.number(application, "retention_years"),
        replaces=sources.reference_of(replaces) if replaces else None,
        replaced_yen=replaces.amount_yen if replaces else None,
    )


def _decision(application: Application) -> Reference:
    """The decision of the grant with its number. Raises ValueError before it."""
    found = sources.decision_reference(application, Decision.Kind.GRANTED)
    if found is None:
        raise ValueError("交付決定がありません。")
    return found


def _own_number(head: Head, number: str) -> Head:
    """A report bears the lead's number of its own, not that of the application."""
    return replace(head, number=number)


def _kpis(application: Application) -> tuple[KpiActual, ...]:
    return tuple(
        KpiActual(
            line.kpi.project.name,
            line.kpi.name,
            line.kpi.unit,
            line.planned,
            line.actual,
            line.target,
            line.achieved,
            line.source,
        )
        for line in kpi_lines(application)
    )


def _typed(figure: int | None) -> int:
    if figure is None:
        raise ValueError("入力されていない数があります。")
    return figure
