"""What must hold before the steps up to the decision and the start of work (T01–T21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from common import audit, clock
from common.fiscal_year import wareki
from common.yen import show_yen

from ..judging import latest_verdict, verdict_now
from ..models import Application, ApprovalStep, CallAllotment, Participant
from ..rules.ruleset import Stage
from ..rulesets import rules_of
from ..states import ENDED_WITHOUT_GRANT
from .registry import guard

if TYPE_CHECKING:
    from ..services.advance import Attempt


@guard
def complete(attempt: Attempt) -> Iterator[str]:
    """The parts without which nobody can agree to anything (T03)."""
    application = attempt.application
    fewest = int(rules_of(application.call.ruleset).value("min_members"))
    if application.parts.count() < fewest:
        yield f"構成市町村を{fewest}つ以上選んでください（手順2）。"
    if all(part.municipality_id != application.lead_id for part in application.parts.all()):
        yield "代表市町村が構成市町村に入っていません（手順2）。"
    if not application.items.exists():
        yield "取組を1つ以上選んでください（手順3）。"
    if not application.costs.exists():
        yield "経費を入力してください（手順4）。"
    if not application.purpose.strip():
        yield "目的を入力してください（手順1）。"
    if application.start_on is None or application.end_on is None:
        yield "開始日と完了予定日を入力してください（手順1）。"


@guard
def in_balance(attempt: Attempt) -> Iterator[str]:
    """C-11: the split adds up to the request, and income covers the cost."""
    application = attempt.application
    cost = sum(line.amount_yen for line in application.costs.all())
    income = sum(line.amount_yen for line in application.incomes.all())
    split = sum(part.split_yen for part in application.parts.all())
    if split != application.requested_yen:
        yield (
            f"市町村別の配分の合計{show_yen(split)}円が申請額{show_yen(application.requested_yen)}円と一致しません"
            f"（差{show_yen(application.requested_yen - split)}円、手順4）。"
        )
    if income + application.requested_yen != cost:
        yield (
            f"収入の合計{show_yen(income + application.requested_yen)}円（交付金を含む）が"
            f"経費の合計{show_yen(cost)}円と一致しません（手順4）。"
        )


@guard
def all_consented(attempt: Attempt) -> Iterator[str]:
    waiting = [
        part.municipality.name for part in attempt.application.parts.all() if part.consent != Participant.Consent.AGREED
    ]
    if waiting:
        yield f"未同意の構成市町村があります（{len(waiting)}件：{'、'.join(waiting)}）。"


def last_day_of(application: Application) -> date:
    """Until when the application may be handed in: after a 内定 the day that its notice names, else the call's last."""
    selected = application.decisions.filter(kind="selected", superseded_by=None).first()
    if application.phase == Application.Phase.GRANT and selected is not None and selected.apply_by is not None:
        return selected.apply_by
    return application.call.closes_on


@guard
def in_time(attempt: Attempt) -> Iterator[str]:
    last_day = last_day_of(attempt.application)
    if clock.today() > last_day and not attempt.application.late_admitted:
        yield (
            f"締切（{wareki(last_day)}）を過ぎています。"
            "提出するには、振興局の決裁者が締切後の受理を認める必要があります。"
        )


@guard
def nothing_fails(attempt: Attempt) -> Iterator[str]:
    """No rule of the stages up to submission fails."""
    for finding in verdict_now(attempt.application, Stage.SUBMIT).blocking(Stage.SUBMIT):
        yield f"{finding.message}（{finding.rule}）"


@guard
def not_received(attempt: Attempt) -> Iterator[str]:
    if attempt.application.receipt_number:
        yield "受付が済んでいるため、この方法では取り下げられません。「申請を取り下げる」を使ってください。"


@guard
def receipt_just_made(attempt: Attempt) -> Iterator[str]:
    """A receipt may be taken back on its own day, as long as nothing followed it."""
    if attempt.application.rounds.exists():
        yield "補正の後の受付は取り消せません。"
        return
    for event in audit.timeline(attempt.application, internal=True):
        if event.action == "application.receive":
            if timezone.localdate(event.at) != clock.today():
                yield "受付の取消しは、受け付けた日に限ります。"
            return
        if event.action != "application.evaluate":
            yield f"受付の後に「{event.title}」を行っているため、受付を取り消せません。"
            return


@guard
def items_to_correct(attempt: Attempt) -> Iterator[str]:
    if not attempt.details.get("items"):
        yield "補正してほしいことを1つ以上書いてください。"
    due_on = attempt.changes.get("due_on")
    if due_on is None:
        yield "補正の期限を入力してください。"
    elif due_on < clock.today():
        yield "補正の期限は本日以後の日にしてください。"


@guard
def items_answered(attempt: Attempt) -> Iterator[str]:
    current = attempt.application.rounds.order_by("-number").first()
    left = current.items.filter(answer="").count() if current else 0
    if left:
        yield f"補正項目への回答が{left}件残っています。"


@guard
def reminded_and_overdue(attempt: Attempt) -> Iterator[str]:
    """T11: seven days after the reminder, which itself follows the due date."""
    current = attempt.application.rounds.order_by("-number").first()
    if current is None or current.due_on >= clock.today():
        yield "補正の期限がまだ過ぎていません。"
    elif current.reminded_on is None or current.reminded_on + timedelta(days=7) > clock.today():
        yield "督促から7日たっていません。"


@guard
def bureau_stage_settled(attempt: Attempt) -> Iterator[str]:
    """T12: nothing fails, no data is missing and every question of the bureau is judged.

    An application that fails may still go on with the opinion 採択は適当でない, so that a refusal can be decided.
    """
    verdict = latest_verdict(attempt.application)
    if verdict is None:
        yield "要件の判定を行ってください。"
        return
    against = attempt.application.opinions.filter(office_key=attempt.viewer.office.key, priority="against").exists()
    for finding in verdict.blocking(Stage.BUREAU):
        if finding.result.is_open:
            yield f"{finding.title}（{finding.rule}）の判断が必要です。"
        elif not against:
            yield (
                f"{finding.title}（{finding.rule}）が不適合です。差し戻すか、意見を「採択は適当でない」としてください。"
            )


@guard
def opinion_written(attempt: Attempt) -> Iterator[str]:
    if not attempt.application.opinions.filter(office_key=attempt.viewer.office.key).exclude(text="").exists():
        yield "振興局の意見を記入してください。"


@guard
def hq_answered(attempt: Attempt) -> Iterator[str]:
    """The authority decides after headquarters has answered, where the ruleset asks for it."""
    required = rules_of(attempt.application.call.ruleset).value("hq_review") == "required"
    opinions = attempt.application.opinions.filter(office_key__startswith="prefecture:")
    if required and not opinions.exclude(office_key__contains="/").exists():  # with a section: another department
        yield "本庁の審査意見がまだありません。"


@guard
def hq_stage_settled(attempt: Attempt) -> Iterator[str]:
    """T14, T15: nothing fails and nothing is open, unless the draft proposes a refusal."""
    if attempt.details.get("act") in ("refuse", "not_select"):
        return
    verdict = latest_verdict(attempt.application)
    if verdict is None:
        yield "要件の判定を行ってください。"
        return
    for finding in verdict.blocking(Stage.HQ):
        word = "判断が必要です" if finding.result.is_open else "不適合です"
        yield (
            f"{finding.title}（{finding.rule}）が{word}。"
            if word == "不適合です"
            else (f"{finding.title}（{finding.rule}）の{word}。")
        )


@guard
def decision_stage_settled(attempt: Attempt) -> Iterator[str]:
    """T17: the rules of the decision itself (C-01, C-06, C-07) hold on the day of the decision."""
    for finding in verdict_now(attempt.application, Stage.DECIDE).blocking(Stage.DECIDE):
        yield f"{finding.message}（{finding.rule}）"


@guard
def request_phase(attempt: Attempt) -> Iterator[str]:
    if attempt.application.phase != Application.Phase.REQUEST:
        yield "採否の決定は要望の段階で行います。"


@guard
def grant_phase(attempt: Attempt) -> Iterator[str]:
    if attempt.application.phase != Application.Phase.GRANT:
        yield "起案は交付申請の段階で行います。"


@guard
def within_allotment(attempt: Attempt) -> Iterator[str]:
    """C-01 before the decision: the amount fits into what the bureau has left."""
    amount = attempt.details.get("amount_yen")
    if amount is None or attempt.details.get("act") in ("refuse", "not_select"):
        return
    application = attempt.application
    allotment = CallAllotment.objects.filter(call=application.call_id, bureau=application.lead_bureau_id).first()
    if allotment is None:
        yield "この募集には主管振興局への配当が登録されていません。"
        return
    promised = 0
    if application.phase == Application.Phase.REQUEST:
        others = Application.objects.filter(
            call=application.call_id, lead_bureau=application.lead_bureau_id, selected_yen__isnull=False
        ).exclude(pk=application.pk)
        open_still = others.filter(granted_yen=None).exclude(state__in=ENDED_WITHOUT_GRANT)
        promised = open_still.aggregate(total=Sum("selected_yen"))["total"] or 0
    left = allotment.left_yen - promised
    if amount > left:
        yield f"配当の残額{show_yen(left)}円を{show_yen(amount - left)}円超えています。"


@guard
def drafter_is_not_decider(attempt: Attempt) -> Iterator[str]:
    route = attempt.application.routes.filter(state="circulating").first()
    if route is None:
        yield "起案がありません。"
    elif attempt.viewer.stands_for(route.drafted_by_id):
        yield "起案した人は決裁できません。別の決裁者が決裁してください。"


@guard
def concurred(attempt: Attempt) -> Iterator[str]:
    """Everyone who was asked has agreed; an objection is answered by a new draft or taken back by who made it."""
    steps = ApprovalStep.objects.filter(
        route__application=attempt.application, route__state="circulating", kind=ApprovalStep.Kind.CONCUR
    )
    waiting = [step.label for step in steps if step.result == ApprovalStep.Result.WAITING]
    against = [step.label for step in steps if step.result == ApprovalStep.Result.OBJECTED]
    if waiting:
        yield f"合議が済んでいません（{'、'.join(waiting)}）。"
    if against:
        yield f"合議で異議があります（{'、'.join(against)}）。起案を差し戻してください。"


@guard
def books_open(attempt: Attempt) -> Iterator[str]:
    year = attempt.application.work_year
    if clock.today() > year.books_close_on:
        yield f"{year.wareki}は出納閉鎖（{wareki(year.books_close_on)}）を過ぎているため決定できません。"


@guard
def reason_after_receipt(attempt: Attempt) -> Iterator[str]:
    if attempt.application.receipt_number and not attempt.reason:
        yield "受付後の取下げには理由が必要です。"


@guard
def within_withdrawal_days(attempt: Attempt) -> Iterator[str]:
    decision = attempt.application.decisions.filter(kind="granted", superseded_by=None).first()
    days = rules_of(attempt.application.call.ruleset).value("withdraw_days")
    if decision and clock.today() > decision.decided_on + timedelta(days=int(days)):
        yield f"決定の通知から{days}日を過ぎているため取り下げられません。中止（廃止）の手続をしてください。"


@guard
def start_day_reached(attempt: Attempt) -> Iterator[str]:
    start_on = attempt.application.start_on
    if start_on is None or start_on > attempt.details.get("on", clock.today()):
        yield "事業の開始日になっていません。"
