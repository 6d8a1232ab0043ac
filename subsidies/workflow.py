"""What may happen to an application: `domain.md` §5 as one readable table. Nothing here acts.

`services.advance` is the only function that takes a step, and the only one that writes `state`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from common.viewer import Duty

from .states import BEFORE_DECISION, State


class Action(StrEnum):
    """One act on an application; the value stands in the audit event."""

    START = "start"
    ASK_CONSULTATION = "ask_consultation"
    CLOSE_CONSULTATION = "close_consultation"
    ASK_CONSENT = "ask_consent"
    DECLINE = "decline"
    ALL_AGREED = "all_agreed"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    RECEIVE = "receive"
    UNDO_RECEIVE = "undo_receive"
    RETURN = "return"
    RESUBMIT = "resubmit"
    LAPSE = "lapse"
    FORWARD = "forward"
    HAND_BACK = "hand_back"
    SELECT = "select"
    NOT_SELECT = "not_select"
    DRAFT_DECISION = "draft_decision"
    SEND_BACK = "send_back"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    WITHDRAW_GRANT = "withdraw_grant"
    BEGIN = "begin"
    OPEN_GRANT_PHASE = "open_grant_phase"
    FINISH = "finish"
    COMPLETE = "complete"
    MISS_REPORT = "miss_report"
    REPORT = "report"
    RETURN_REPORT = "return_report"
    REPORT_AGAIN = "report_again"
    INSPECT = "inspect"
    FIX = "fix"
    ORDER_RETURN = "order_return"
    ASK_CHANGE = "ask_change"
    APPROVE_CHANGE = "approve_change"
    FILE_LIGHT_CHANGE = "file_light_change"
    ASK_STOP = "ask_stop"
    APPROVE_SUSPENSION = "approve_suspension"
    APPROVE_DISCONTINUATION = "approve_discontinuation"
    RESUME = "resume"
    REPORT_STOPPED = "report_stopped"
    TELL_DELAY = "tell_delay"
    CONFIRM_DELAY = "confirm_delay"
    CARRY_OVER = "carry_over"
    RETURN_CHANGE = "return_change"
    REFUSE_CHANGE = "refuse_change"
    REFUSE_DELAY = "refuse_delay"
    REFUSE_CARRY_OVER = "refuse_carry_over"
    WITHDRAW_CHANGE = "withdraw_change"
    RETURN_WHILE_SUSPENDED = "return_while_suspended"
    REFUSE_WHILE_SUSPENDED = "refuse_while_suspended"
    WITHDRAW_WHILE_SUSPENDED = "withdraw_while_suspended"
    SETTLE = "settle"
    CLOSE = "close"
    REVOKE = "revoke"
    REVOKE_PART = "revoke_part"
    ORDER_PART_RETURN = "order_part_return"
    REOPEN = "reopen"


class Side(StrEnum):
    """Which office takes the step."""

    LEAD = "lead"  # the lead municipality
    PARTICIPANT = "participant"  # any municipality that takes part
    BUREAU = "bureau"  # the lead bureau
    HEADQUARTERS = "headquarters"
    REVIEWER = "reviewer"  # whoever reviews now: the lead bureau, later headquarters
    DRAFTER = "drafter"  # the lead bureau or headquarters
    AUTHORITY = "authority"  # the office that decides: lead bureau or headquarters, by the ruleset
    SECOND_APPROVER = "second_approver"  # headquarters, or the decider of the lead bureau
    ACCOUNTING = "accounting"  # the section of headquarters that pays
    SYSTEM = "system"  # time or another step


@dataclass(frozen=True)
class Step:
    """One row of the table: from where to where, who, and under which guards (names in `guards.py`).

    `title` is what the history calls the step once it is done (進達), so a noun; buttons say 進達する.
    A step without a `target` leaves the state as it is. `delegable` steps may also be taken by staff of a bureau in the
    name of the lead that delegated the draft to it.
    """

    row: str
    title: str
    sources: frozenset[State]
    target: State | None
    side: Side
    duties: frozenset[Duty] = frozenset()
    needs_reason: bool = False
    internal: bool = False
    guards: tuple[str, ...] = ()
    delegable: bool = False


def _step(
    row: str,
    title: str,
    sources: State | tuple[State, ...],
    target: State | None,
    side: Side,
    *duties: Duty,
    needs_reason: bool = False,
    internal: bool = False,
    guards: tuple[str, ...] = (),
    delegable: bool = False,
) -> Step:
    several = sources if isinstance(sources, tuple) else (sources,)
    return Step(
        row, title, frozenset(several), target, side, frozenset(duties), needs_reason, internal, guards, delegable
    )


S, D = State, Duty
AT_WORK = (S.GRANTED, S.RUNNING, S.SUSPENDED, S.DISCONTINUED, S.REPORT_DUE, S.REPORT_OVERDUE, S.REPORTED,
           S.REPORT_RETURNED, S.INSPECTED)  # fmt: skip
"""Granted, and the amount not fixed yet."""
UNDER_CHANGE = (S.CHANGE_REVIEW, S.DELAY_REVIEW, S.STOP_REVIEW)
REVOCATION_GUARDS = ("proposer_is_not_decider", "heard", "revocation_concurred", "no_open_claim")
STEPS: dict[Action, Step] = {
    Action.ASK_CONSULTATION: _step(
        "T02", "事前協議の申込み", S.DRAFT, S.PRECONSULT, Side.LEAD, D.MP, delegable=True),
    Action.CLOSE_CONSULTATION: _step(
        "T02", "事前協議の完了", S.PRECONSULT, S.DRAFT, Side.BUREAU, D.BS),
    Action.ASK_CONSENT: _step(
        "T03", "構成市町村への確認の依頼", S.DRAFT, S.CONSENT, Side.LEAD, D.MP, guards=("complete", "in_balance")),
    Action.DECLINE: _step(
        "T04", "不同意・修正の依頼", (S.CONSENT, S.READY), S.DRAFT, Side.PARTICIPANT, D.MA, needs_reason=True),
    Action.ALL_AGREED: _step(
        "T05", "全構成市町村の同意", S.CONSENT, S.READY, Side.SYSTEM, guards=("all_consented",)),
    Action.SUBMIT: _step(
        "T06", "提出", S.READY, S.SUBMITTED, Side.LEAD, D.MA, guards=("all_consented", "in_time", "nothing_fails")),
    Action.TAKE_BACK: _step(
        "T07", "受付前の取下げ", S.SUBMITTED, S.DRAFT, Side.LEAD, D.MA, guards=("not_received",)),
    Action.RECEIVE: _step(
        "T08", "受付", S.SUBMITTED, S.BUREAU_REVIEW, Side.BUREAU, D.BS),
    Action.UNDO_RECEIVE: _step(
        "T08", "受付の取消し", S.BUREAU_REVIEW, S.SUBMITTED, Side.BUREAU, D.BS, guards=("receipt_just_made",)),
    Action.RETURN: _step(
        "T09", "差戻し", (S.BUREAU_REVIEW, S.HQ_REVIEW), S.RETURNED, Side.REVIEWER, D.BS, D.HS,
        guards=("items_to_correct",)),
    Action.RESUBMIT: _step(
        "T10", "再提出", S.RETURNED, S.SUBMITTED, Side.LEAD, D.MA,
        guards=("items_answered", "all_consented", "in_balance", "nothing_fails")),
    Action.LAPSE: _step(
        "T11", "失効", S.RETURNED, S.LAPSED, Side.BUREAU, D.BM, guards=("reminded_and_overdue",)),
    Action.FORWARD: _step(
        "T12", "進達", S.BUREAU_REVIEW, S.HQ_REVIEW, Side.BUREAU, D.BM, internal=False,
        guards=("bureau_stage_settled", "opinion_written")),
    Action.HAND_BACK: _step(
        "T13", "振興局への審査の差戻し", S.HQ_REVIEW, S.BUREAU_REVIEW, Side.HEADQUARTERS, D.HS,
        needs_reason=True, internal=True),
    Action.SELECT: _step(
        "T14", "内定", S.HQ_REVIEW, S.SELECTED, Side.HEADQUARTERS, D.HM,
        guards=("request_phase", "hq_stage_settled", "within_allotment")),
    Action.NOT_SELECT: _step(
        "T14", "不採択", S.HQ_REVIEW, S.NOT_SELECTED, Side.HEADQUARTERS, D.HM,
        needs_reason=True, guards=("request_phase",)),
    Action.OPEN_GRANT_PHASE: _step(
        "T14", "交付申請の作成の開始", S.SELECTED, S.DRAFT, Side.LEAD, D.MP),
    Action.DRAFT_DECISION: _step(
        "T15", "起案", S.HQ_REVIEW, S.APPROVAL, Side.DRAFTER, D.BS, D.HS, internal=True,
        guards=("grant_phase", "hq_answered", "hq_stage_settled", "within_allotment")),
    Action.SEND_BACK: _step(
        "T16", "起案の差戻し", S.APPROVAL, S.HQ_REVIEW, Side.AUTHORITY, D.BM, D.HM, needs_reason=True, internal=True),
    Action.GRANT: _step(
        "T17", "交付決定", S.APPROVAL, S.GRANTED, Side.AUTHORITY, D.BM, D.HM,
        guards=("drafter_is_not_decider", "concurred", "decision_stage_settled", "books_open")),
    Action.REFUSE: _step(
        "T18", "不交付決定", S.APPROVAL, S.REFUSED, Side.AUTHORITY, D.BM, D.HM,
        needs_reason=True, guards=("drafter_is_not_decider", "concurred")),
    Action.WITHDRAW: _step(
        "T19", "申請の取下げ", (*BEFORE_DECISION, S.APPROVAL), S.WITHDRAWN, Side.LEAD, D.MA,
        guards=("reason_after_receipt",)),
    Action.WITHDRAW_GRANT: _step(
        "T20", "決定後の取下げ", S.GRANTED, S.WITHDRAWN, Side.LEAD, D.MA,
        needs_reason=True, guards=("within_withdrawal_days",)),
    Action.BEGIN: _step(
        "T21", "事業の着手", S.GRANTED, S.RUNNING, Side.SYSTEM, guards=("start_day_reached",)),
    Action.FINISH: _step(
        "T27", "事業期間の終了", (S.RUNNING, S.SUSPENDED), S.REPORT_DUE, Side.SYSTEM, guards=("work_is_over",)),
    Action.COMPLETE: _step(
        "T27", "事業の完了の届出", S.RUNNING, S.REPORT_DUE, Side.LEAD, D.MP, D.MA, guards=("finished_while_running",)),
    Action.MISS_REPORT: _step(
        "T28", "報告期限の経過", S.REPORT_DUE, S.REPORT_OVERDUE, Side.SYSTEM, guards=("report_day_passed",)),
    Action.REPORT: _step(
        "T29", "実績報告", (S.REPORT_DUE, S.REPORT_OVERDUE), S.REPORTED, Side.LEAD, D.MA,
        guards=("report_complete", "case_sheets_written", "report_adds_up")),
    Action.RETURN_REPORT: _step(
        "T30", "実績報告の補正依頼", S.REPORTED, S.REPORT_RETURNED, Side.BUREAU, D.BS, guards=("items_to_correct",)),
    Action.REPORT_AGAIN: _step(
        "T30", "実績報告の再提出", S.REPORT_RETURNED, S.REPORTED, Side.LEAD, D.MA,
        guards=("report_answered", "report_complete", "case_sheets_written", "report_adds_up")),
    Action.INSPECT: _step(
        "T31", "検査", S.REPORTED, S.INSPECTED, Side.BUREAU, D.BS, guards=("inspection_within_report",)),
    Action.FIX: _step(
        "T32", "額の確定", S.INSPECTED, S.FIXED, Side.AUTHORITY, D.BM, D.HM,
        guards=("inspector_is_not_decider", "no_open_claim", "reduction_explained")),
    Action.SETTLE: _step(
        "T33", "精算", (S.FIXED, S.RETURN_ORDERED), S.SETTLED, Side.ACCOUNTING, D.AC,
        guards=("fixer_is_not_payer", "balance_is_even", "additions_are_paid")),
    Action.CLOSE: _step(
        "T34", "完結", (S.SETTLED, S.REVOKED), S.CLOSED, Side.BUREAU, D.BS,
        guards=("papers_are_issued", "nothing_to_return", "late_interest_is_decided", "additions_are_paid")),
    Action.ORDER_RETURN: _step(
        "T36", "返還命令", (S.FIXED, S.SETTLED, S.REVOKED), S.RETURN_ORDERED, Side.AUTHORITY, D.BM, D.HM,
        guards=("more_paid_than_due",)),
    Action.ORDER_PART_RETURN: _step(
        "T36", "一部取消しによる返還命令", AT_WORK, None, Side.AUTHORITY, D.BM, D.HM,
        guards=("more_paid_than_due", "no_open_claim")),
    Action.REVOKE: _step(
        "T35", "交付決定の取消し（全部）", (*AT_WORK, *UNDER_CHANGE, S.FIXED, S.SETTLED), S.REVOKED,
        Side.AUTHORITY, D.BM, D.HM, guards=REVOCATION_GUARDS),
    Action.REVOKE_PART: _step(
        "T35", "交付決定の取消し（一部）", (*AT_WORK, S.FIXED, S.SETTLED), None,
        Side.AUTHORITY, D.BM, D.HM, guards=(*REVOCATION_GUARDS, "part_of_the_grant")),
    Action.REOPEN: _step(
        "T37", "額の再確定", S.CLOSED, S.FIXED, Side.SECOND_APPROVER, D.HM, D.BM,
        guards=("confirmed_by_another", "fixed_no_higher")),
    Action.ASK_CHANGE: _step(
        "T22", "変更承認申請", S.RUNNING, S.CHANGE_REVIEW, Side.LEAD, D.MA,
        guards=("change_is_whole", "members_agree_to_change", "change_needs_approval", "change_keeps_the_rules",
                "change_fits_the_money")),
    Action.APPROVE_CHANGE: _step(
        "T22", "変更承認", S.CHANGE_REVIEW, S.RUNNING, Side.AUTHORITY, D.BM, D.HM,
        guards=("change_is_opined", "change_rules_settled", "change_fits_the_money", "books_open")),
    Action.FILE_LIGHT_CHANGE: _step(
        "T23", "軽微な変更届", S.RUNNING, S.RUNNING, Side.LEAD, D.MA,
        guards=("change_is_whole", "members_agree_to_change", "change_is_light", "change_keeps_the_rules",
                "change_fits_the_money")),
    Action.ASK_STOP: _step(
        "T24", "中止（廃止）承認申請", (S.RUNNING, S.SUSPENDED), S.STOP_REVIEW, Side.LEAD, D.MA,
        guards=("stop_is_whole",)),
    Action.APPROVE_SUSPENSION: _step(
        "T24", "中止の承認", S.STOP_REVIEW, S.SUSPENDED, Side.AUTHORITY, D.BM, D.HM, guards=("change_is_opined",)),
    Action.APPROVE_DISCONTINUATION: _step(
        "T24", "廃止の承認", S.STOP_REVIEW, S.DISCONTINUED, Side.AUTHORITY, D.BM, D.HM,
        guards=("change_is_opined",)),
    Action.RESUME: _step(
        "T24", "中止した事業の再開の届出", S.SUSPENDED, S.RUNNING, Side.LEAD, D.MA, needs_reason=True,
        guards=("period_is_left",)),
    Action.REPORT_STOPPED: _step(
        "T24", "廃止した事業の実績報告の開始", S.DISCONTINUED, S.REPORT_DUE, Side.SYSTEM, guards=("stop_day_came",)),
    Action.TELL_DELAY: _step(
        "T25", "遅延等報告", S.RUNNING, S.DELAY_REVIEW, Side.LEAD, D.MA, guards=("delay_is_whole",)),
    Action.CONFIRM_DELAY: _step(
        "T25", "遅延等の確認", S.DELAY_REVIEW, S.RUNNING, Side.BUREAU, D.BM,
        guards=("change_is_opined", "delay_ends_in_the_year")),
    Action.CARRY_OVER: _step(
        "T25", "翌年度への繰越の承認", S.DELAY_REVIEW, S.RUNNING, Side.HEADQUARTERS, D.HM,
        guards=("change_is_opined", "delay_crosses_the_year")),
    Action.RETURN_CHANGE: _step(
        "T22", "変更等の申請の差戻し", (S.CHANGE_REVIEW, S.STOP_REVIEW, S.DELAY_REVIEW), S.RUNNING, Side.BUREAU, D.BS,
        needs_reason=True),
    Action.REFUSE_CHANGE: _step(
        "T22", "変更・中止・廃止の不承認", (S.CHANGE_REVIEW, S.STOP_REVIEW), S.RUNNING, Side.AUTHORITY, D.BM, D.HM,
        needs_reason=True, guards=("change_is_opined",)),
    Action.REFUSE_DELAY: _step(
        "T25", "期間の延長を認めない決定", S.DELAY_REVIEW, S.RUNNING, Side.BUREAU, D.BM,
        needs_reason=True, guards=("change_is_opined", "delay_ends_in_the_year")),
    Action.REFUSE_CARRY_OVER: _step(
        "T25", "繰越を認めない決定", S.DELAY_REVIEW, S.RUNNING, Side.HEADQUARTERS, D.HM,
        needs_reason=True, guards=("change_is_opined", "delay_crosses_the_year")),
    Action.WITHDRAW_CHANGE: _step(
        "T22", "変更等の申請の取下げ", (S.CHANGE_REVIEW, S.STOP_REVIEW, S.DELAY_REVIEW), S.RUNNING, Side.LEAD, D.MA,
        needs_reason=True),
    Action.RETURN_WHILE_SUSPENDED: _step(
        "T24", "廃止の申請の差戻し（中止のまま）", S.STOP_REVIEW, S.SUSPENDED, Side.BUREAU, D.BS, needs_reason=True),
    Action.REFUSE_WHILE_SUSPENDED: _step(
        "T24", "廃止の不承認（中止のまま）", S.STOP_REVIEW, S.SUSPENDED, Side.AUTHORITY, D.BM, D.HM,
        needs_reason=True, guards=("change_is_opined",)),
    Action.WITHDRAW_WHILE_SUSPENDED: _step(
        "T24", "廃止の申請の取下げ（中止のまま）", S.STOP_REVIEW, S.SUSPENDED, Side.LEAD, D.MA, needs_reason=True),
}  # fmt: skip
