"""Review at the bureau and at headquarters: receive, judge, note, return, forward (T08–T13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from common import audit, clock
from common.errors import Refused
from common.viewer import Access, Duty, Viewer
from common.viewer import Action as Duties
from common.yen import show_yen

from ..duties import JUDGE, NOTE
from ..issuing import issue_paper, take_receipt_number
from ..judging import latest_verdict, stage_of
from ..models import (
    Application,
    CorrectionItem,
    CorrectionRound,
    CostLine,
    InternalNote,
    Judgement,
    Opinion,
    ReductionLine,
)
from ..rules.ruleset import Stage, up_to
from ..rulesets import rules_of
from ..states import State
from ..workflow import Action, Side
from .advance import advance, locked, sits_on
from .evaluations import evaluate


@dataclass(frozen=True)
class ItemInput:
    """One thing to mend: where it stands in the form, and what to do."""

    target: str
    text: str
    rule: str = ""


@transaction.atomic
def receive(*, application_id: int, viewer: Viewer, received_on: date | None = None) -> Application:
    """Receive a submitted application at the lead bureau: receipt number and first run of the rules (T08).

    `received_on` may lie before today when paper came first (受付日 and 入力日 are both kept).
    """
    application = locked(application_id, viewer)
    day = received_on or clock.today()
    if day > clock.today():
        raise Refused("受付日は本日以前の日にしてください。")
    changes: dict[str, object] = {}
    if not application.receipt_number:
        number = take_receipt_number(application, day)
        changes = {"received_on": day, "receipt_number": number.text}
    advance(application, Action.RECEIVE, viewer, changes=changes, recorded={"received_on": day.isoformat()})
    evaluate(application, viewer, stage=Stage.BUREAU)
    return application


@transaction.atomic
def undo_receipt(*, application_id: int, viewer: Viewer) -> Application:
    """Take back a receipt made today by which nothing was done yet (T08); its number is not given again."""
    application = locked(application_id, viewer)
    number = application.receipt_number
    changes = {"received_on": None, "receipt_number": ""}
    return advance(application, Action.UNDO_RECEIVE, viewer, changes=changes, recorded={"void": number})


@transaction.atomic
def judge_again(*, application_id: int, viewer: Viewer) -> Application:
    """Run the rules again on the present data (もう一度判定する)."""
    application = _under_review(application_id, viewer, JUDGE)
    evaluate(application, viewer)
    return application


@transaction.atomic
def judge_rule(
    *,
    application_id: int,
    viewer: Viewer,
    rule: str,
    holds: bool,
    reason: str,
    points: Sequence[tuple[str, bool]] = (),
) -> Judgement:
    """Record a person's judgement on a rule that asks for one or lacks data.

    Raises Refused when the rule is not open for this stage or the reason is too short to defend.
    """
    application = _under_review(application_id, viewer, JUDGE)
    verdict = latest_verdict(application)
    finding = verdict.find(rule) if verdict else None
    if finding is None:
        raise Refused("この要件はまだ判定していません。")
    if not finding.result.is_open and finding.judgement is None:
        raise Refused("この要件は人の判断を要しません。")
    if Stage(finding.judged_at) not in up_to(stage_of(application)):
        raise Refused("この要件は本庁で判断します。")
    shortest = int(rules_of(application.call.ruleset).value("judgement_reason_chars"))
    if len(reason.strip()) < shortest:
        raise Refused(f"理由は{shortest}字以上で書いてください（いま{len(reason.strip())}字）。")
    now = clock.now()
    old = application.judgements.filter(rule=rule, superseded_at=None).first()
    if old:
        old.superseded_at = now
        old.save(update_fields=["superseded_at"])
    judgement = Judgement.objects.create(
        application=application,
        rule=rule,
        result=Judgement.Result.PASS if holds else Judgement.Result.FAIL,
        reason=reason.strip(),
        points=[list(point) for point in points],
        by_id=viewer.person,
        who=viewer.label,
        office_key=viewer.office.key,
        at=now,
        snapshot=application.snapshots.order_by("-version").first(),
    )
    audit.record(
        viewer,
        "application.judge",
        application,
        f"{rule} を判断（{judgement.get_result_display()}）",
        before={"result": old.result, "reason": old.reason} if old else None,
        after={"rule": rule, "result": judgement.result},
        reason=reason.strip(),
        internal=True,
    )
    evaluate(application, viewer)
    return judgement


@transaction.atomic
def write_note(*, application_id: int, viewer: Viewer, text: str) -> InternalNote:
    """Keep a note among reviewers (庁内限り)."""
    application = locked(application_id, viewer)
    if not viewer.may(NOTE, Access.EDIT) and not viewer.may(NOTE, Access.COMMENT):
        raise PermissionDenied
    if not text.strip():
        raise Refused("メモを入力してください。")
    note = InternalNote.objects.create(
        application=application,
        text=text.strip(),
        by_id=viewer.person,
        who=viewer.label,
        office_key=viewer.office.key,
        at=clock.now(),
    )
    audit.record(viewer, "application.note", application, "審査メモ", after={"note": note.pk}, internal=True)
    return note


@transaction.atomic
def write_opinion(
    *, application_id: int, viewer: Viewer, text: str, priority: str = "", proposed_yen: int | None = None
) -> Opinion:
    """Write or revise the opinion of one's office (意見書, 庁内限り)."""
    application = locked(application_id, viewer)
    allowed = viewer.may(NOTE, Access.EDIT) or viewer.may(NOTE, Access.COMMENT)
    if not allowed or application.state not in (State.BUREAU_REVIEW, State.HQ_REVIEW, State.APPROVAL):
        raise PermissionDenied
    if not text.strip():
        raise Refused("意見を入力してください。")
    if proposed_yen is not None and proposed_yen > application.requested_yen:
        raise Refused(f"交付予定額の案は申請額{show_yen(application.requested_yen)}円以内にしてください。")
    key = viewer.office.key + (f"/{viewer.office.section}" if viewer.has(Duty.SD) else "")
    old = application.opinions.filter(office_key=key).first()
    before = {"text": old.text, "priority": old.priority, "proposed_yen": old.proposed_yen} if old else None
    opinion, _ = Opinion.objects.update_or_create(
        application=application,
        office_key=key,
        defaults={
            "who": viewer.label,
            "text": text.strip(),
            "priority": priority,
            "proposed_yen": proposed_yen,
            "by_id": viewer.person,
            "at": clock.now(),
        },
    )
    if viewer.has(Duty.BS, Duty.BM, Duty.HS, Duty.HM) and proposed_yen is not None:
        application.proposed_yen = proposed_yen
        application.save(update_fields=["proposed_yen"])
    audit.record(
        viewer,
        "application.opinion",
        application,
        "意見を記入",
        before=before,
        after={"text": opinion.text, "priority": priority, "proposed_yen": proposed_yen},
        internal=True,
    )
    return opinion


@transaction.atomic
def reduce_line(*, application_id: int, viewer: Viewer, cost_id: int, amount_yen: int, reason: str) -> None:
    """Cut a cost line, with a reason that the letter will show; zero takes the cut away."""
    application = _under_review(application_id, viewer, NOTE)
    cost = CostLine.objects.get(pk=cost_id, application=application)
    if amount_yen > cost.eligible_yen:
        raise Refused(f"減額は対象額{show_yen(cost.eligible_yen)}円以内にしてください。")
    if amount_yen and not reason.strip():
        raise Refused("減額の理由を入力してください。")
    if amount_yen:
        ReductionLine.objects.update_or_create(
            application=application,
            cost=cost,
            defaults={"amount_yen": amount_yen, "reason": reason.strip(), "by_id": viewer.person},
        )
    else:
        application.reductions.filter(cost=cost).delete()
    audit.record(
        viewer,
        "application.reduce",
        application,
        f"経費{cost.number}を査定",
        after={"line": cost.number, "amount_yen": amount_yen},
        reason=reason.strip(),
        internal=True,
    )


@transaction.atomic
def send_back_to_town(
    *, application_id: int, viewer: Viewer, items: Sequence[ItemInput], due_on: date, message: str = ""
) -> CorrectionRound:
    """Return for correction with a list of items and a due date (T09); the submitted version is kept."""
    application = locked(application_id, viewer)
    kept = [item for item in items if item.text.strip()]
    came_from = application.state
    advance(
        application,
        Action.RETURN,
        viewer,
        changes={"due_on": due_on},
        recorded={"items": len(kept)},
        items=kept,
    )
    number = application.rounds.count() + 1
    current = CorrectionRound.objects.create(
        application=application,
        number=number,
        office_key=viewer.office.key,
        returned_from=came_from,
        due_on=due_on,
        message=message.strip(),
        by_id=viewer.person,
        at=clock.now(),
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(round=current, number=index, target=item.target, text=item.text.strip(), rule=item.rule)
        for index, item in enumerate(kept, 1)
    )
    return current


@transaction.atomic
def answer_item(*, application_id: int, viewer: Viewer, item_id: int, answer: str) -> CorrectionItem:
    """A planner answers one correction item."""
    application = locked(application_id, viewer)
    if (
        application.state != State.RETURNED
        or not viewer.has(Duty.MP)
        or not sits_on(application, Side.PARTICIPANT, viewer)
    ):
        raise PermissionDenied
    item = CorrectionItem.objects.select_related("round").get(pk=item_id, round__application=application)
    if item.round.resubmitted_at is not None:
        raise Refused("この補正依頼は再提出が済んでいます。")
    before = item.answer
    item.answer = answer.strip()
    item.answered_by_id = viewer.user_id if item.answer else None
    item.answered_at = clock.now() if item.answer else None
    item.save()
    audit.record(
        viewer,
        "application.answer",
        application,
        f"補正項目{item.number}に回答",
        before={"answer": before},
        after={"answer": item.answer},
    )
    return item


@transaction.atomic
def forward(*, application_id: int, viewer: Viewer) -> Application:
    """The bureau's decider forwards to headquarters and confirms the bureau's judgements with it (T12)."""
    application = locked(application_id, viewer)
    advance(application, Action.FORWARD, viewer)
    confirm_judgements(application, viewer)
    issue_paper("D-04", application, viewer)
    evaluate(application, viewer, stage=Stage.HQ)
    return application


@transaction.atomic
def hand_back(*, application_id: int, viewer: Viewer, reason: str) -> Application:
    """Headquarters gives the review back to the bureau, inside the prefecture (T13)."""
    return advance(locked(application_id, viewer), Action.HAND_BACK, viewer, reason=reason)


def confirm_judgements(application: Application, viewer: Viewer) -> int:
    """Confirm what staff judged, with the act that ends the stage; return how many."""
    waiting = application.judgements.filter(superseded_at=None, confirmed_at=None)
    return waiting.update(confirmed_by_id=viewer.user_id, confirmed_at=clock.now())


def look_at_internal(application: Application, viewer: Viewer, paper: str) -> None:
    """Write down that someone looked at a paper marked 庁内限り."""
    audit.record(viewer, "application.look", application, f"庁内限りの書類を閲覧（{paper}）", internal=True)


def _under_review(application_id: int, viewer: Viewer, action: Duties) -> Application:
    """Lock an application that this office reviews now, for its staff."""
    application = locked(application_id, viewer)
    if not viewer.may(action, Access.EDIT) and not viewer.may(action, Access.SUBMIT):
        raise PermissionDenied
    if application.state not in (State.BUREAU_REVIEW, State.HQ_REVIEW):
        raise Refused(f"「{application.get_state_display()}」の申請には行えません。")
    if not sits_on(application, Side.REVIEWER, viewer):
        raise PermissionDenied
    return application
