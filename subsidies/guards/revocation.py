"""What must hold before a grant is revoked, money is ordered back, or a closed file is opened again (T35–T37)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from common.yen import show_yen

from ..models import RevocationConcurrence
from ..settling import due_yen, to_return_yen, undecided_late
from .registry import guard

if TYPE_CHECKING:
    from ..services.advance import Attempt


@guard
def proposer_is_not_decider(attempt: Attempt) -> Iterator[str]:
    if attempt.viewer.stands_for(attempt.details["revocation"].drafted_by_id):
        yield "取消しを起案した人は決裁できません。別の決裁者が決裁してください。"


@guard
def heard(attempt: Attempt) -> Iterator[str]:
    """T35: the towns had their say, or the record says why not."""
    if not attempt.details["revocation"].heard:
        yield "弁明の記録がありません。弁明を聴いた記録か、機会を設けない理由を先に登録してください。"


@guard
def revocation_concurred(attempt: Attempt) -> Iterator[str]:
    """T35: every section that the configuration asks has agreed."""
    open_turns = attempt.details["revocation"].concurrences.exclude(result=RevocationConcurrence.Result.AGREED)
    for turn in open_turns:
        objected = turn.result == RevocationConcurrence.Result.OBJECTED
        yield f"{turn.label}から異議があります。" if objected else f"{turn.label}の合議が済んでいません。"


@guard
def part_of_the_grant(attempt: Attempt) -> Iterator[str]:
    """T35: a part is less than the whole."""
    whole = due_yen(attempt.application)
    if attempt.details["revocation"].revoked_yen >= whole:
        yield f"一部を取り消す額は、現在の額{show_yen(whole)}円より少なくしてください。"


@guard
def more_paid_than_due(attempt: Attempt) -> Iterator[str]:
    if not to_return_yen(attempt.application):
        yield "交付の額を超えて支払った額はありません。"


@guard
def nothing_to_return(attempt: Attempt) -> Iterator[str]:
    """T34: a file with money to come back stays open."""
    left = to_return_yen(attempt.application)
    if left:
        yield f"{show_yen(left)}円の返還がまだです。返還を命じてください。"


@guard
def additions_are_paid(attempt: Attempt) -> Iterator[str]:
    """T33, T34: additions that were ordered have come in."""
    left = sum(order.unpaid_yen for order in attempt.application.return_orders.all())
    if left:
        yield f"加算金・延滞金{show_yen(left)}円の納付がまだです。"


@guard
def late_interest_is_decided(attempt: Attempt) -> Iterator[str]:
    """T34: somebody has decided what a return that came in late costs, be it nothing with a reason."""
    for advice in undecided_late(attempt.application):
        yield f"期限に遅れた返納の延滞金（参考計算{show_yen(advice.yen)}円）が未定です。決裁者が定めてください。"


@guard
def confirmed_by_another(attempt: Attempt) -> Iterator[str]:
    if attempt.viewer.stands_for(attempt.details["reopening"].asked_by_id):
        yield "再確定を発議した人は確認できません。別の決裁者が確認してください。"


@guard
def fixed_no_higher(attempt: Attempt) -> Iterator[str]:
    """T37: the books of the year are closed; the amount may only come down or stay."""
    now, new = attempt.application.fixed_yen or 0, attempt.details["reopening"].fixed_yen
    if new > now:
        yield f"出納閉鎖の後なので、再確定の額は現在の確定額{show_yen(now)}円以内になります。"
