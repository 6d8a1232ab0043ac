"""Records of the office: 事前協議記録票, 審査調書・意見書, 起案用紙."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from common.fiscal_year import FiscalYear
from common.viewer import OfficeKind
from municipalities.models import Bureau, Prefecture

from ..models import Application, ApprovalRoute, ApprovalStep, CallAllotment, PreConsultation
from ..rules.engine import Evaluation as Verdict
from ..rules.verdict import Finding, Result
from . import sources
from .schema import ApprovalBox, Consultation, Draft, Judgement, Opinion, Review, RuleRow

WAITING, AGREED = ApprovalStep.Result.WAITING, ApprovalStep.Result.AGREED


def consultation(application: Application, *, consultation: PreConsultation) -> Consultation:
    """D-02 事前協議記録票."""
    if consultation.held_on is None or consultation.closed_on is None:
        raise ValueError("協議がまだ終わっていません。")
    recorder = str(consultation.closed_by) if consultation.closed_by else ""
    return Consultation(
        head=sources.inner_head("D-02", "事前協議記録票", application, application.lead_bureau.name),
        program=application.call.program.name,
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        lead=application.lead.name,
        title=application.title or application.region.name,
        asked_on=consultation.asked_on,
        held_on=consultation.held_on,
        attendees=consultation.attendees,
        points=consultation.points,
        answers=consultation.answers,
        next_action=consultation.next_action,
        recorder=recorder,
        closed_on=consultation.closed_on,
    )


def review(application: Application) -> Review:
    """D-04 審査調書・意見書: every requirement as it was judged, with the judgements and the opinions."""
    evaluation = application.evaluation
    verdict = Verdict.from_json(evaluation.findings) if evaluation else None
    rows = list(application.opinions.order_by("id"))
    bureaus = Bureau.objects.in_bulk([row.office_key.partition(":")[2] for row in rows])
    prefecture = application.region.prefecture
    opinions = tuple(
        Opinion(
            office=_office_name(row.office_key, bureaus, prefecture),
            who=row.who,
            priority=row.get_priority_display() if row.priority else "",
            text=row.text,
            proposed_yen=row.proposed_yen,
        )
        for row in rows
    )
    own = next((row for row in rows if row.office_key == f"{OfficeKind.BUREAU}:{application.lead_bureau_id}"), None)
    counted = (Result.FAIL, Result.JUDGE, Result.NO_DATA, Result.WARN, Result.PASS)
    return Review(
        head=sources.inner_head("D-04", "審査調書・意見書", application, application.lead_bureau.name),
        program=application.call.program.name,
        fiscal_year=application.fiscal_year,
        region=application.region.name,
        lead=application.lead.name,
        members=tuple(part.municipality.name for part in sources.parts_of(application)),
        number=application.number,
        receipt=application.receipt_number,
        received_on=application.received_on,
        title=application.title or application.region.name,
        requested_yen=application.requested_yen,
        proposed_yen=application.proposed_yen,
        priority=own.get_priority_display() if own and own.priority else "",
        basis=f"{application.call.program.name}　{_basis(application)}",
        judged_at=evaluation.made_at if evaluation else None,
        result=verdict.result.label if verdict else "",
        counts=tuple((result.label, verdict.count(result)) for result in counted) if verdict else (),
        rules=tuple(_rule_rows(verdict)) if verdict else (),
        opinions=opinions,
        reductions=sources.reductions_of(application),
    )


def _basis(application: Application) -> str:
    return f"ルール第{application.call.ruleset.version}版、{application.call.series.name}"


def _office_name(office_key: str, bureaus: dict[str, Bureau], prefecture: Prefecture) -> str:
    """空知総合振興局, or 本庁 with its section for an office of headquarters (prefecture:01/財政課)."""
    kind, _, code = office_key.partition(":")
    if kind == OfficeKind.BUREAU and code in bureaus:
        return bureaus[code].name
    headquarters = str(prefecture.terms.get("headquarters", prefecture.name))
    return "　".join(part for part in (headquarters, code.partition("/")[2]) if part)


def _rule_rows(verdict: Verdict) -> Iterator[RuleRow]:
    for top in verdict.findings:
        if top.result == Result.NOT_APPLICABLE:
            continue
        for finding in top.walk():
            yield _rule_row(finding, inner=finding is not top)


def _rule_row(finding: Finding, *, inner: bool) -> RuleRow:
    made = finding.judgement
    return RuleRow(
        rule=finding.rule,
        title=finding.title,
        result=finding.result.label,
        message=finding.message,
        compared=finding.compared,
        source=finding.source,
        judgement=Judgement(
            result="適合" if made.holds else "不適合",
            reason=made.reason,
            who=made.by,
            on=made.on,
            points=made.points,
        )
        if made
        else None,
        inner=inner,
    )


def draft(application: Application, *, route: ApprovalRoute) -> Draft:
    """D-05 起案用紙: what is proposed, and the boxes of those who must agree."""
    allotment = CallAllotment.objects.filter(call=application.call_id, bureau=application.lead_bureau_id).first()
    left_yen = allotment.left_yen if allotment else None
    if left_yen is not None and route.state == ApprovalRoute.State.APPROVED:
        left_yen += route.amount_yen or 0  # as it was before this decision took its amount
    return Draft(
        head=sources.inner_head("D-05", "起案用紙", application),
        subject=route.subject,
        act=route.get_act_display(),
        drafted_on=timezone.localdate(route.drafted_at),
        drafter=route.drafted_who,
        boxes=tuple(
            ApprovalBox(
                kind=step.get_kind_display(),
                label=step.label,
                who=step.who,
                on=timezone.localdate(step.at) if step.at else None,
                acting=step.acting,
                result="" if step.result in (WAITING, AGREED) else step.get_result_display(),
            )
            for step in route.steps.order_by("order")
        ),
        retention_years=route.retention_years,
        program=f"{FiscalYear(application.fiscal_year).wareki}　{application.call.program.name}",
        region=application.region.name,
        lead=application.lead.name,
        number=application.number,
        receipt=application.receipt_number,
        plan=route.plan,
        amount_yen=route.amount_yen,
        requested_yen=application.requested_yen,
        budget_left_yen=left_yen,
        conditions=tuple(line.strip() for line in route.conditions.splitlines() if line.strip()),
        classification=route.classification,
        external_number=route.external_number,
        papers=("交付申請書", "審査調書・意見書"),
        decided_on=timezone.localdate(route.closed_at) if route.closed_at else None,
    )
