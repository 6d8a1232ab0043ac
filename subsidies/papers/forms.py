"""Forms that the region hands in: 事業要望書, 交付申請書 with its annexes, 取下書."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from common.fiscal_year import wareki
from common.models import StoredFile
from common.yen import show_yen
from regions.models import Kpi

from ..models import Application, Decision
from . import schema, sources
from .schema import (
    Budget,
    Category,
    Cost,
    Costs,
    Funding,
    GrantApplication,
    Income,
    KpiTable,
    Member,
    Members,
    Plan,
    Request,
    Withdrawal,
    Work,
)

EarlyStart = Application.EarlyStart


def request(application: Application) -> Request:
    """D-01 事業要望書."""
    return Request(
        head=sources.form_head("D-01", "事業要望書", application),
        **_common(application),
        support=sources.support_of(application),
    )


def grant_application(application: Application) -> GrantApplication:
    """D-03 交付申請書 with annexes 1 to 6."""
    files = StoredFile.objects.filter(
        subject_type="subsidies.application", subject_id=str(application.pk), removed_at=None, internal=False
    )
    return GrantApplication(
        head=sources.form_head("D-03", "交付申請書", application),
        **_common(application),
        budget=_budget(application),
        prefecture=application.region.prefecture.name,
        pledge_on=_submitted_on(application) if application.declared else None,
        attachments=tuple(files.order_by("id").values_list("label", flat=True)),
        support=sources.support_of(application),
    )


def withdrawal(application: Application, *, reason: str = "", granted_yen: int = 0) -> Withdrawal:
    """D-10 取下書, before the decision or, with its number and the amount decided (whole yen), after it."""
    decision = sources.decision_reference(application, Decision.Kind.GRANTED)
    return Withdrawal(
        head=replace(sources.form_head("D-10", "取下書", application), number=""),  # not that of the application
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        application=sources.application_reference(application),
        title=application.title or application.region.name,
        projects=sources.projects_of(application),
        amount_yen=granted_yen if decision else application.requested_yen,
        reason=reason or "構成市町村の都合による。",
        decision=decision,
    )


def _submitted_on(application: Application) -> date | None:
    return timezone.localdate(application.submitted_at) if application.submitted_at else None


def _common(application: Application) -> dict[str, Any]:
    """What the request and the formal application say alike."""
    return {
        "grant_name": sources.grant_name(application),
        "fiscal_year": application.fiscal_year,
        "region": application.region.name,
        "amount_yen": application.requested_yen,
        "plan": _plan(application),
        "members": _members(application),
        "costs": _costs(application),
        "kpis": _kpis(application),
    }


def _plan(application: Application) -> Plan:
    if application.start_on is None or application.end_on is None:
        raise ValueError("実施期間が入力されていません。")
    items = application.items.select_related("project__main_field", "project__secretariat").prefetch_related(
        "project__fields", "project__participants"
    )
    lines = application.self_running_lines.select_related("member").order_by("fiscal_year", "member")
    return Plan(
        title=application.title or application.region.name,
        purpose=application.purpose,
        content=application.plan,
        start_on=application.start_on,
        end_on=application.end_on,
        works=tuple(
            Work(
                name=item.project.name,
                fields=tuple(
                    dict.fromkeys(
                        field.name
                        for field in (item.project.main_field, *item.project.fields.all())
                        if field is not None
                    )
                ),
                secretariat=item.project.secretariat.name if item.project.secretariat else "",
                members=tuple(town.name for town in item.project.participants.all()),
                outline=item.project.outline,
                scale=item.scale,
                content=item.content,
            )
            for item in items
        ),
        applicant=application.get_applicant_kind_display(),
        early_start="" if application.early_start == EarlyStart.NONE else application.get_early_start_display(),
        other_subsidy=_other_subsidy(application),
        cost_sharing=application.cost_sharing_note,
        self_running=application.self_running_plan,
        self_running_lines=tuple(
            Funding(line.fiscal_year, line.member.name, line.funding, line.amount_yen) for line in lines
        ),
        subgroup=_subgroup(application),
    )


def _subgroup(application: Application) -> str:
    """防災部会（令和8年10月1日決定）."""
    if not application.subgroup_name or application.subgroup_decided_on is None:
        return application.subgroup_name
    return f"{application.subgroup_name}（{wareki(application.subgroup_decided_on)}決定）"


def _other_subsidy(application: Application) -> str:
    if application.other_subsidy is None:
        return "未記入"
    return f"あり（{application.other_subsidy_note}）" if application.other_subsidy else "なし"


def _members(application: Application) -> Members:
    parts = sources.parts_of(application)
    return Members(
        word=sources.member_word(part.municipality for part in parts),
        rows=tuple(
            Member(
                name=part.municipality.name,
                code=part.municipality_id,
                lead=part.municipality_id == application.lead_id,
                agreed_on=part.consented_on,
                document_no=part.consent_document_no,
                role=part.role,
                amount_yen=part.split_yen,
                burden_yen=part.burden_yen,
            )
            for part in parts
        ),
        amount_yen=sum(part.split_yen for part in parts),
        burden_yen=sum(part.burden_yen for part in parts),
    )


def _costs(application: Application) -> Costs:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in application.costs.order_by("number"):
        sums[line.get_category_display()][0] += line.amount_yen
        sums[line.get_category_display()][1] += line.eligible_yen
    return Costs(
        rows=tuple(Category(name, amount, eligible) for name, (amount, eligible) in sums.items()),
        amount_yen=sum(amount for amount, _ in sums.values()),
        eligible_yen=sum(eligible for _, eligible in sums.values()),
    )


def _budget(application: Application) -> Budget:
    costs = tuple(
        Cost(
            category=line.get_category_display(),
            project=line.project.name if line.project else "",
            description=line.description,
            estimate=_estimate(line.quantity, line.unit, line.unit_price_yen),
            amount_yen=line.amount_yen,
            eligible_yen=line.eligible_yen,
        )
        for line in application.costs.select_related("project").order_by("number")
    )
    incomes = tuple(
        Income(line.get_kind_display(), line.description, line.amount_yen)
        for line in application.incomes.order_by("number")
    )
    return Budget(
        incomes=incomes,
        income_yen=application.requested_yen + sum(line.amount_yen for line in incomes),
        costs=costs,
        cost_yen=sum(line.amount_yen for line in costs),
        eligible_yen=sum(line.eligible_yen for line in costs),
    )


def _estimate(quantity: Decimal | None, unit: str, unit_price_yen: int | None) -> str:
    """3回×120,000円; 一式 where nothing is counted."""
    if quantity is None or unit_price_yen is None:
        return "一式"
    return f"{quantity.normalize():f}{unit}×{show_yen(unit_price_yen)}円"


def _kpis(application: Application) -> KpiTable:
    items = (
        application.items.select_related("project")
        .prefetch_related("project__kpis__targets")
        .order_by(F("order"), "id")
    )
    kpis = [(item.project, kpi) for item in items for kpi in item.project.kpis.all()]
    years = sorted(
        {
            target.fiscal_year
            for _, kpi in kpis
            for target in kpi.targets.all()
            if target.fiscal_year >= application.fiscal_year
        }
    )[:5]
    return KpiTable(
        years=tuple(years),
        rows=tuple(
            schema.Kpi(
                project=project.name,
                name=kpi.name,
                unit=kpi.unit,
                kind=kpi.get_kind_display(),
                baseline="新規" if kpi.baseline_is_new else _figure(kpi.baseline),
                targets=tuple(_path(kpi, year) for year in years),
                target=_target(kpi),
                data_source=kpi.data_source,
            )
            for project, kpi in kpis
        ),
    )


def _path(kpi: Kpi, year: int) -> str:
    return next((_figure(target.value) for target in kpi.targets.all() if target.fiscal_year == year), "－")


def _target(kpi: Kpi) -> str:
    """180以上, 全数 …: the qualifier alone where it says everything."""
    qualifier = kpi.get_qualifier_display() if kpi.qualifier else ""
    return qualifier if kpi.target is None and qualifier else _figure(kpi.target) + qualifier


def _figure(value: Decimal | None) -> str:
    """1,234.5 or ▲3,639; － for no value."""
    if value is None:
        return "－"
    text = f"{abs(value.normalize()):,f}"
    return f"▲{text}" if value < 0 else text
