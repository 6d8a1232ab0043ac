"""Papers of a running grant that changes: D-11 to D-14 and D-15b."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils import timezone

from common.documents import Head
from common.fiscal_year import parse_day, wareki
from common.models import DocumentIssue

from ..approved_plan import Plan
from ..changing import Pair, Weighed
from ..models import Application, ChangeRequest, CostLine, Decision
from ..rules.settlement import report_due
from ..settling import paid_yen
from . import sources
from .schema import Reference
from .schema.changes import (
    Agreed,
    ChangeApplication,
    ChangeApproval,
    DelayReport,
    Figure,
    FigureRow,
    FigureTable,
    StopApplication,
    StopApproval,
    Term,
)


def change_application(application: Application, *, change: ChangeRequest) -> ChangeApplication:
    """D-11 変更承認申請書: what changes, in two rows, and who of the members agreed."""
    weighed = Weighed.of(change)
    return ChangeApplication(
        head=_form("D-11", "変更承認申請書", application, change),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        title=application.title or application.region.name,
        decision=_granted(application),
        effective_on=_day(change),
        reason=change.reason,
        grant=Figure(weighed.before.grant_yen, weighed.after.grant_yen),
        terms=_terms(weighed),
        costs=_costs(weighed),
        incomes=_incomes(weighed),
        shares=_shares(weighed),
        consents=tuple(
            Agreed(share.name, parse_day(told["on"]) if told.get("on") else None, told.get("no", ""))
            for share in weighed.needs_consent
            if (told := change.consents.get(share.code))
        ),
        outlook=change.outlook,
    )


def change_approval(application: Application, *, change: ChangeRequest) -> ChangeApproval:
    """D-12 変更承認（決定）通知書: the grant as it is now, beside what it was."""
    weighed = Weighed.of(change)
    after = weighed.after
    if after.start_on is None or after.end_on is None:
        raise ValueError("実施期間が定まっていません。")
    changed = after.grant_yen != weighed.before.grant_yen
    return ChangeApproval(
        head=sources.letter_head(
            "D-12", "変更交付決定通知書" if changed else "変更承認通知書", application, sources.authority(application)
        ),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        title=application.title or application.region.name,
        application=_asked(change),
        decision=_granted(application),
        grant=Figure(weighed.before.grant_yen, after.grant_yen),
        effective_on=_day(change),
        start_on=after.start_on,
        end_on=after.end_on,
        terms=_terms(weighed),
        costs=_costs(weighed),
        shares=_shares(weighed),
        note=change.answer,
    )


def stop_application(application: Application, *, change: ChangeRequest) -> StopApplication:
    """D-13 中止（廃止）承認申請書: why, from when, what was done until then and at what cost."""
    act = change.get_kind_display()
    return StopApplication(
        head=_form("D-13", f"{act}承認申請書", application, change),
        act=act,
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        title=application.title or application.region.name,
        decision=_granted(application),
        granted_yen=application.granted_yen or 0,
        paid_yen=paid_yen(application),
        effective_on=_day(change),
        reason=change.reason,
        work_done=change.work_done,
        spent_yen=change.spent_yen or 0,
        outlook=change.outlook,
    )


def stop_approval(application: Application, *, change: ChangeRequest) -> StopApproval:
    """D-14 中止（廃止）承認通知書; after a discontinuation the work done is reported."""
    act, day = change.get_kind_display(), _day(change)
    ends = change.kind == ChangeRequest.Kind.DISCONTINUE
    approved_on = change.decision.decided_on if change.decision else None
    return StopApproval(
        head=sources.letter_head("D-14", f"{act}承認通知書", application, sources.authority(application)),
        act=act,
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        title=application.title or application.region.name,
        application=_asked(change),
        decision=_granted(application),
        granted_yen=application.granted_yen or 0,
        effective_on=day,
        report_due_on=report_due(sources.rules(application), day, approved_on=approved_on) if ends else None,
        note=change.answer,
    )


def delay_report(application: Application, *, change: ChangeRequest) -> DelayReport:
    """D-15b 遅延等報告書: why, what was done, until when it will be done."""
    before, after = Plan.from_json(change.before), Plan.from_json(change.after)
    if before.start_on is None or before.end_on is None or after.end_on is None:
        raise ValueError("実施期間が定まっていません。")
    return DelayReport(
        head=_form("D-15b", "遅延等報告書", application, change),
        grant_name=sources.grant_name(application),
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        title=application.title or application.region.name,
        decision=_granted(application),
        granted_yen=application.granted_yen or 0,
        start_on=before.start_on,
        old_end_on=before.end_on,
        new_end_on=after.end_on,
        reason=change.reason,
        work_done=change.work_done,
        outlook=change.outlook,
        spent_yen=change.spent_yen,
        carries_over=after.end_on > application.work_year.last_day,
    )


def _form(kind: str, label: str, application: Application, change: ChangeRequest) -> Head:
    return replace(sources.form_head(kind, label, application), number=change.document_no)


def _granted(application: Application) -> Reference:
    decision = application.decisions.filter(kind=Decision.Kind.GRANTED).select_related("document__number").first()
    if decision is None:
        raise ValueError("交付決定の記録がありません。")
    document: DocumentIssue | None = decision.document
    return Reference(document.number.text if document and document.number else "", decision.decided_on)


def _asked(change: ChangeRequest) -> Reference:
    if change.submitted_at is None:
        raise ValueError("提出前の書類には日付がありません。")
    return Reference(change.document_no, timezone.localdate(change.submitted_at))


def _day(change: ChangeRequest) -> date:
    if change.effective_on is None:
        raise ValueError("変更・中止・廃止の日が入力されていません。")
    return change.effective_on


def _terms(weighed: Weighed) -> tuple[Term, ...]:
    """What changes besides the figures of the tables."""
    return tuple(
        Term(f"{pair.section}：{pair.label}" if pair.section == "取組" else pair.label, pair.before, pair.after)
        for pair in weighed.changed
        if pair.section in ("概要", "構成市町村", "取組") and pair.before_yen is None and pair.after_yen is None
    ) + tuple(
        Term(
            f"{share.name}の加入・脱退",
            "－",
            f"{wareki(share.until or share.since)}{'脱退' if share.until else '加入'}",
        )
        for share in (*weighed.leaving, *weighed.joining)
    )


def _costs(weighed: Weighed) -> FigureTable:
    rows = []
    for code in CostLine.Category:
        before, after = (
            [line for line in plan.costs if line.category == code] for plan in (weighed.before, weighed.after)
        )
        if before or after:
            rows.append(
                FigureRow(
                    str(code.label),
                    (
                        Figure(sum(line.amount_yen for line in before), sum(line.amount_yen for line in after)),
                        Figure(sum(line.eligible_yen for line in before), sum(line.eligible_yen for line in after)),
                    ),
                )
            )
    total = FigureRow("計", (
        Figure(weighed.before.cost_yen, weighed.after.cost_yen),
        Figure(weighed.before.eligible_yen, weighed.after.eligible_yen),
    ))  # fmt: skip
    return FigureTable("経費の配分", ("事業費", "うち交付対象経費"), tuple(rows), total)


def _incomes(weighed: Weighed) -> FigureTable:
    rows = [FigureRow("交付金", (Figure(weighed.before.grant_yen, weighed.after.grant_yen),))]
    rows += _rows(pair for pair in weighed.pairs if pair.section == "収入")
    totals = [plan.grant_yen + plan.income_yen for plan in (weighed.before, weighed.after)]
    return FigureTable("収入", ("金額",), tuple(rows), FigureRow("計", (Figure(*totals),)))


def _shares(weighed: Weighed) -> FigureTable:
    splits = _rows(pair for pair in weighed.pairs if pair.section == "市町村別の配分")
    burdens = {row.label: row.figures for row in _rows(p for p in weighed.pairs if p.section == "市町村別の負担")}
    rows = tuple(FigureRow(row.label, row.figures + burdens.get(row.label, ())) for row in splits)
    total = tuple(
        Figure(
            sum(row.figures[place].before_yen or 0 for row in rows),
            sum(row.figures[place].after_yen or 0 for row in rows),
        )
        for place in (0, 1)
    )
    return FigureTable("市町村別の内訳", ("交付金の配分", "負担額"), rows, FigureRow("計", total))


def _rows(pairs: Iterable[Pair]) -> list[FigureRow]:
    return [FigureRow(pair.label, (Figure(pair.before_yen, pair.after_yen),)) for pair in pairs]
