"""What must hold before the steps after the work (T27–T36)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.timezone import localdate

from common import clock
from common.fiscal_year import wareki
from common.models import DocumentIssue
from common.yen import show_yen

from ..models import Payment, Settlement
from ..papers_access import SUBJECT
from ..rules.engine import judge
from ..rules.gather import application_facts
from ..rules.ruleset import Stage
from ..rules.verdict import Result
from ..rulesets import rules_of
from ..settling import paid_yen, reckon, sums_of
from .registry import guard

if TYPE_CHECKING:
    from ..services.advance import Attempt


@guard
def work_is_over(attempt: Attempt) -> Iterator[str]:
    """T27: the planned end has passed, or the fiscal year with it."""
    application = attempt.application
    on = attempt.details.get("on", clock.today())
    last = application.end_on or application.work_year.last_day
    if on <= last:
        yield f"事業の期間（{wareki(last)}まで）が終わっていません。"


@guard
def finished_while_running(attempt: Attempt) -> Iterator[str]:
    """T27 by the lead: the day on which the work was really finished."""
    application, finished = attempt.application, attempt.changes.get("finished_on")
    if finished is None:
        yield "事業を完了した日を入力してください。"
        return
    if finished > clock.today():
        yield "完了日に将来の日は指定できません。"
    if application.start_on is not None and finished < application.start_on:
        yield f"完了日が開始日（{wareki(application.start_on)}）より前です。"
    if finished > application.work_year.last_day:
        yield f"完了日は{application.work_year.wareki}の内の日にしてください。"


@guard
def report_day_passed(attempt: Attempt) -> Iterator[str]:
    due_on = attempt.application.report.due_on
    if attempt.details.get("on", clock.today()) <= due_on:
        yield f"実績報告の期限（{wareki(due_on)}）は過ぎていません。"


@guard
def report_complete(attempt: Attempt) -> Iterator[str]:
    """T29: every line of the plan has its figure, and the words that the bureau reads are there."""
    report = attempt.application.report
    missing = sums_of(report).missing
    if missing:
        yield f"金額のない欄が{missing}あります（経費・収入・市町村別の精算）。実績がないときは0としてください。"
    for text, label in ((report.work_done, "実施した内容"), (report.effect, "事業の効果")):
        if not text.strip():
            yield f"「{label}」を入力してください。"
    unproved = [
        line.cost.number for line in report.costs.select_related("cost") if line.actual_yen and not line.evidence
    ]
    if unproved:
        yield f"証拠書類の番号がない経費があります（{'、'.join(map(str, unproved))}行目）。"


@guard
def case_sheets_written(attempt: Attempt) -> Iterator[str]:
    """T29: what the rules of the stage 「report」 ask for besides the figures (N-08, 事例シート)."""
    application = attempt.application
    sheets = application.report.case_sheets.select_related("project")
    facts = replace(
        application_facts(application), case_sheets=tuple(one.project.name for one in sheets if one.is_complete)
    )
    verdict = judge(rules_of(application.call.ruleset), facts, stages=(Stage.REPORT,))
    yield from (finding.message for finding in verdict.findings if finding.result == Result.FAIL)


@guard
def report_adds_up(attempt: Attempt) -> Iterator[str]:
    """T29: the members' shares together are the amount that these figures give."""
    application = attempt.application
    sums = sums_of(application.report)
    due = reckon(application, eligible_yen=sums.eligible_yen, other_income_yen=sums.other_income_yen).result.fixed_yen
    if not sums.missing and sums.shares_yen != due:
        yield (
            f"市町村別の精算の合計{show_yen(sums.shares_yen)}円が、この実績による交付金の額{show_yen(due)}円と"
            f"一致しません（差{show_yen(due - sums.shares_yen)}円）。"
        )


@guard
def report_answered(attempt: Attempt) -> Iterator[str]:
    left = attempt.application.report.items.filter(answer="").count()
    if left:
        yield f"補正項目への回答が{left}件残っています。"


@guard
def inspection_within_report(attempt: Attempt) -> Iterator[str]:
    """T31: no more is accepted than was reported, and every check has its answer."""
    report = attempt.application.report
    held_on, eligible = attempt.details.get("held_on"), attempt.details.get("eligible_yen")
    checks = attempt.details.get("checks") or ()
    if held_on is None or held_on > clock.today():
        yield "検査日は本日までの日を入力してください。"
    elif report.submitted_at is not None and held_on < localdate(report.submitted_at):
        yield "検査日が実績報告の提出より前です。"
    if eligible is None or eligible > sums_of(report).eligible_yen:
        yield f"認める対象額は、報告された{show_yen(sums_of(report).eligible_yen)}円以内で入力してください。"
    if not checks:
        yield "確認した事項を1つ以上記録してください。"
    lines = set(report.costs.values_list("cost__number", flat=True))
    if set(attempt.details.get("sampled", ())) - lines:
        yield "確認した証拠書類に、報告にない行が含まれています。"
    if any(not check["ok"] and not check["note"].strip() for check in checks):
        yield "「適」でない事項には、内容を書いてください。"


@guard
def inspector_is_not_decider(attempt: Attempt) -> Iterator[str]:
    inspection = attempt.application.inspections.order_by("-number").first()
    if inspection is None:
        yield "検査の記録がありません。"
    elif attempt.viewer.stands_for(inspection.inspected_by_id):
        yield "検査した人は額を確定できません。別の決裁者が確定してください。"


@guard
def no_open_claim(attempt: Attempt) -> Iterator[str]:
    if attempt.application.payments.filter(state__in=[Payment.State.CLAIMED, Payment.State.APPROVED]).exists():
        yield "支払の済んでいない請求があります。先に支払うか、不承認としてください。"


@guard
def reduction_explained(attempt: Attempt) -> Iterator[str]:
    """T32: where the inspection accepted less than was reported, the fixed amount needs its reason."""
    application = attempt.application
    inspection = application.inspections.order_by("-number").first()
    if inspection is None:
        return
    sums = sums_of(application.report)
    less = inspection.eligible_yen < sums.eligible_yen or inspection.other_income_yen > sums.other_income_yen
    if less and not attempt.reason:
        yield "報告された額より減らして確定するときは、理由を入力してください。"


@guard
def fixer_is_not_payer(attempt: Attempt) -> Iterator[str]:
    """T33: neither who fixed the amount nor who revoked the grant confirms the money."""
    settlement = _valid(attempt)
    if settlement is not None and attempt.viewer.stands_for(settlement.fixed_by_id):
        yield "額を確定した人は支払を記録できません。"
    revoked_by = attempt.application.revocations.filter(state="decided").values_list("closed_by_id", flat=True)
    if any(attempt.viewer.stands_for(person) for person in revoked_by):
        yield "交付決定を取り消した人は精算を確認できません。"


@guard
def balance_is_even(attempt: Attempt) -> Iterator[str]:
    """T33: exactly what is due is paid, less what came back; nothing is due where the whole grant was revoked."""
    application = attempt.application
    if application.fixed_yen is None:
        yield "額の確定がまだです。"
        return
    left = application.fixed_yen - paid_yen(application)
    if left > 0:
        yield f"確定額のうち{show_yen(left)}円がまだ支払われていません。"
    elif left < 0:
        yield f"{show_yen(-left)}円の返納がまだです。"


@guard
def papers_are_issued(attempt: Attempt) -> Iterator[str]:
    """T34: every paper of this life has been drawn."""
    waiting = DocumentIssue.objects.filter(subject_type=SUBJECT, subject_id=str(attempt.application.pk), pdf="")
    if waiting.exists():
        yield f"作成中の書類が{waiting.count()}件あります。しばらくしてからもう一度お試しください。"


def _valid(attempt: Attempt) -> Settlement | None:
    return attempt.application.settlements.filter(superseded_by=None).first()
