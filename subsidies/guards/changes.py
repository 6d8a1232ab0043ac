"""What must hold before a granted application is changed, stopped or extended (T22–T25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from common import clock
from common.fiscal_year import FiscalYear, wareki
from common.yen import show_yen

from ..approved_plan import Plan
from ..changing import Weighed
from ..models import ChangeRequest, Payment
from ..rules.ruleset import Stage
from ..rules.settlement import advance_limit_yen
from .registry import guard

if TYPE_CHECKING:
    from ..services.advance import Attempt


@guard
def change_is_whole(attempt: Attempt) -> Iterator[str]:
    """C-11 on the changed plan: reason and day are given, something differs, shares and income add up."""
    weighed, change = _weighed(attempt), _change(attempt)
    after = weighed.after
    if not change.reason.strip():
        yield "変更の理由を入力してください。"
    yield from _day_in_period(attempt, "変更の日")
    if not weighed.changed:
        yield "変更がありません。変わるところを入力してください。"
    if not after.costs or not after.cost_yen:
        yield "変更後の経費を入力してください。"
    if not after.projects:
        yield "取組を1つ以上残してください。すべてをやめるときは、廃止の承認を申請してください。"
    if after.grant_yen <= 0:
        yield "変更後の交付額を入力してください。"
    staying = [share for share in after.shares if share.until is None]
    if all(share.code != attempt.application.lead_id for share in staying):
        yield "代表市町村は抜けられません。"
    fewest = int(weighed.rules.value("min_members"))
    if len(staying) < fewest:
        yield f"構成市町村を{fewest}つ以上残してください。"
    if after.split_yen != after.grant_yen:
        yield (
            f"市町村別の配分の合計{show_yen(after.split_yen)}円が変更後の交付額{show_yen(after.grant_yen)}円と"
            f"一致しません（差{show_yen(after.grant_yen - after.split_yen)}円）。"
        )
    if after.income_yen + after.grant_yen != after.cost_yen:
        yield (
            f"変更後の収入の合計{show_yen(after.income_yen + after.grant_yen)}円（交付金を含む）が"
            f"経費の合計{show_yen(after.cost_yen)}円と一致しません。"
        )
    yield from _period(attempt, after)


@guard
def members_agree_to_change(attempt: Attempt) -> Iterator[str]:
    """Where amount, members, shares or initiatives change, the lead states each member's consent with its number."""
    told = _change(attempt).consents
    missing = [
        share.name
        for share in _weighed(attempt).needs_consent
        if not (told.get(share.code, {}).get("on") and told.get(share.code, {}).get("no"))
    ]
    if missing:
        yield f"同意の日と文書番号がない構成市町村があります（{len(missing)}件：{'、'.join(missing)}）。"


@guard
def change_needs_approval(attempt: Attempt) -> Iterator[str]:
    if _weighed(attempt).is_light:
        yield "軽微な変更です。承認の申請ではなく、届出で足ります。"


@guard
def change_is_light(attempt: Attempt) -> Iterator[str]:
    """T23: C-13 holds, measured against the plan of the last decision."""
    weighed = _weighed(attempt)
    if weighed.light is None:
        yield "この制度には軽微な変更の定めがありません。変更承認を申請してください。"
    elif not weighed.is_light:
        yield f"軽微な変更ではないため、届出では変更できません。{weighed.light.message}"


@guard
def change_keeps_the_rules(attempt: Attempt) -> Iterator[str]:
    """No requirement of the application itself fails because of the change."""
    for finding in _weighed(attempt).broken:
        if finding.stage in (Stage.SUBMIT, Stage.DECIDE):
            yield f"{finding.message}（{finding.rule}）"


@guard
def change_rules_settled(attempt: Attempt) -> Iterator[str]:
    """Before the approval no rule fails by the change: an agreement that names the members is in force (A-15)."""
    for finding in _weighed(attempt).broken:
        yield f"{finding.message}（{finding.rule}）"


@guard
def change_fits_the_money(attempt: Attempt) -> Iterator[str]:
    """The formula of the decision on the changed costs, and the budget for an increase."""
    weighed = _weighed(attempt)
    yield from weighed.money_problems()
    advances = attempt.application.payments.filter(
        kind=Payment.Kind.ADVANCE, state__in=[Payment.State.CLAIMED, Payment.State.APPROVED, Payment.State.PAID]
    )
    claimed = advances.aggregate(yen=Sum("amount_yen"))["yen"] or 0
    limit = advance_limit_yen(weighed.rules, weighed.after.grant_yen)
    if claimed > limit and advances.exclude(state=Payment.State.PAID).exists():
        yield (
            f"支払の済んでいない概算払の請求があり、請求の合計{show_yen(claimed)}円が変更後の限度額{show_yen(limit)}円を"
            "超えます。先に請求を不承認とするか、支払を済ませてください。"
        )


@guard
def change_is_opined(attempt: Attempt) -> Iterator[str]:
    """The bureau's staff has written its opinion, and somebody else decides."""
    change = _change(attempt)
    if change.state != ChangeRequest.State.SUBMITTED:
        yield "審査中の申請ではありません。ほかの人がすでに処理した可能性があります。"
    elif not change.opinion:
        yield "振興局の意見がまだありません。"
    elif attempt.viewer.stands_for(change.opinion_by_id):
        yield "意見を書いた人は決裁できません。別の決裁者が決裁してください。"


@guard
def stop_is_whole(attempt: Attempt) -> Iterator[str]:
    """T24: reason, day, the work done so far and its cost."""
    application, change = attempt.application, _change(attempt)
    word = change.get_kind_display()
    if not change.reason.strip():
        yield f"{word}の理由を入力してください。"
    yield from _day_in_period(attempt, f"{word}の日")
    if not change.work_done.strip():
        yield "これまでに実施した内容を入力してください。実施していないときは「なし」と書いてください。"
    if change.spent_yen is None:
        yield "これまでに要した経費を入力してください。ないときは0としてください。"
    if change.kind == ChangeRequest.Kind.SUSPEND and application.state != "running":
        yield "中止の承認は、実施中の事業について申請できます。"


@guard
def period_is_left(attempt: Attempt) -> Iterator[str]:
    """T24: work goes on only inside its period."""
    end_on = attempt.application.end_on
    if end_on is not None and clock.today() > end_on:
        yield f"事業の期間（{wareki(end_on)}まで）が過ぎているため再開できません。"


@guard
def stop_day_came(attempt: Attempt) -> Iterator[str]:
    finished = attempt.application.finished_on
    if finished is None or finished > attempt.details.get("on", clock.today()):
        yield "廃止の日になっていません。"


@guard
def delay_is_whole(attempt: Attempt) -> Iterator[str]:
    """T25: reason, outlook, and a new last day after the planned one."""
    change, old = _change(attempt), attempt.application.end_on
    end_on = Plan.from_json(change.after).end_on
    if not change.reason.strip():
        yield "遅延等の理由を入力してください。"
    if not change.outlook.strip():
        yield "今後の見通しを入力してください。"
    if end_on is None or (old is not None and end_on <= old):
        yield f"新しい完了予定日は、いまの完了予定日（{wareki(old)}）より後の日にしてください。"
        return
    if attempt.application.carried_over and end_on > attempt.application.work_year.last_day:
        yield "繰越は1回に限ります。繰り越した年度の内の日にしてください。"
    elif end_on > latest_end(attempt):
        yield f"完了予定日は、繰り越しても{wareki(latest_end(attempt))}までの日にしてください。"


@guard
def delay_ends_in_the_year(attempt: Attempt) -> Iterator[str]:
    """T25 by the bureau: the new last day lies in the fiscal year."""
    end_on, last = Plan.from_json(_change(attempt).after).end_on, attempt.application.work_year.last_day
    if end_on is not None and end_on > last:
        yield f"完了予定日が{wareki(last)}を過ぎるため、振興局では確認できません。本庁の決裁者が繰越を決めます。"


@guard
def delay_crosses_the_year(attempt: Attempt) -> Iterator[str]:
    """T25 by headquarters: only a delay beyond 31 March is carried over, once, until the next 31 March."""
    end_on, last = Plan.from_json(_change(attempt).after).end_on, attempt.application.work_year.last_day
    if end_on is None or end_on <= last:
        yield f"完了予定日が{wareki(last)}までなので、繰越は要りません。振興局の決裁者が確認します。"
    elif attempt.application.carried_over or end_on > latest_end(attempt):
        yield f"繰り越しても{wareki(latest_end(attempt))}までです。"


def latest_end(attempt: Attempt) -> date:
    """31 March of the year after the grant's."""
    return FiscalYear(attempt.application.fiscal_year + 1).last_day


def _period(attempt: Attempt, after: Plan) -> Iterator[str]:
    application, last = attempt.application, attempt.application.work_year.last_day
    if after.start_on is None or after.end_on is None or after.end_on < after.start_on:
        yield "完了予定日は開始日以後の日にしてください。"
    elif after.end_on > last:
        yield f"完了予定日が{wareki(last)}を過ぎる変更は、遅延等の報告で届け出てください。"
    elif after.end_on != application.end_on and after.end_on < clock.today():
        yield "完了予定日は本日以後の日にしてください。"


def _day_in_period(attempt: Attempt, label: str) -> Iterator[str]:
    day, application = _change(attempt).effective_on, attempt.application
    if day is None:
        yield f"{label}を入力してください。"
    elif application.start_on is not None and day < application.start_on:
        yield f"{label}は、事業の開始日（{wareki(application.start_on)}）以後の日にしてください。"
    elif application.end_on is not None and day > application.end_on:
        yield f"{label}は、事業の完了予定日（{wareki(application.end_on)}）までの日にしてください。"


def _change(attempt: Attempt) -> ChangeRequest:
    change: ChangeRequest = attempt.details["change"]
    return change


def _weighed(attempt: Attempt) -> Weighed:
    weighed: Weighed = attempt.details["weighed"]
    return weighed
