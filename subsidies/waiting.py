"""What waits for whom: for each duty the errands that it may bring, each as a condition on applications.

An errand is work that this person, in this office, can do now; it follows from the state and from what is already
there (an opinion, a consent). `worklist` shows errands, the list filters by them, the menu counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from common import clock
from common.viewer import Duty, OfficeKind, Viewer

from . import waiting_money, waiting_reports
from .errands import Errand
from .models import (
    Application,
    ApplicationProject,
    ApprovalStep,
    ChangeRequest,
    CorrectionItem,
    CorrectionRound,
    Finding,
    Opinion,
    Participant,
    Reopening,
    Revocation,
    RevocationConcurrence,
)
from .states import State
from .workflow import STEPS, Action

if TYPE_CHECKING:
    from .rulesets import Rulesets

LAPSE_AFTER = timedelta(days=7)  # after the reminder; domain.md §5, T11
TOWN_PAGE = "subsidies:application_detail"
CORRECT_PAGE = "subsidies:application_corrections"
REVIEW_PAGE = "subsidies:application_review"
REVOCATION_PAGE = "subsidies:case_revocation"
REOPENING_PAGE = "subsidies:case_reopening"
CHANGES_PAGE = "subsidies:application_changes"
GOING_ON = (State.RUNNING, State.SUSPENDED)
ON_REQUEST = (State.CHANGE_REVIEW, State.STOP_REVIEW)
WITH_CHANGE = (*ON_REQUEST, State.DELAY_REVIEW)
Phase = Application.Phase
GRANTED = tuple(sorted(STEPS[Action.REVOKE].sources | STEPS[Action.REVOKE_PART].sources))
"""The states in which a grant may be revoked."""


def errands_of(viewer: Viewer, decided_by_hq: Rulesets = frozenset()) -> tuple[Errand, ...]:
    """Return the errands of this person's duties, most pressing first.

    `decided_by_hq` are the rulesets by which headquarters decides (`rulesets.decided_by_hq`); by all others the lead
    bureau does.
    """
    return tuple(
        errand for duty, errands in _BY_DUTY.items() if viewer.has(duty) for errand in errands(viewer, decided_by_hq)
    )


def _planner(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    mine = Q(lead=viewer.office.code)
    yield Errand("correct", "要補正", (State.RETURNED,), mine & Q(_unanswered()), CORRECT_PAGE)
    yield Errand("apply", "内定・要申請", (State.SELECTED,), mine, TOWN_PAGE)
    yield from waiting_money.of_planner(viewer)
    yield from waiting_reports.of_planner(viewer)
    yield Errand("write", "作成中", (State.DRAFT,), mine, "subsidies:draft_resume")
    yield Errand("mend_change", "要補正（変更）", GOING_ON, mine & Q(_change("returned", handed=False)), CHANGES_PAGE)
    yield Errand("write_change", "変更作成中", GOING_ON, mine & Q(_change("draft", handed=False)), CHANGES_PAGE)


def _approver(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    mine = Q(lead=viewer.office.code)
    parts = Participant.objects.filter(application=OuterRef("pk"), municipality=viewer.office.code)
    asked = Exists(parts.filter(consent=Participant.Consent.ASKED))
    yield Errand("consent", "要同意", (State.CONSENT, State.RETURNED), Q(asked), "subsidies:application_consent")
    yield Errand("submit", "要提出", (State.READY,), mine, "subsidies:application_submit")
    others = Participant.objects.filter(application=OuterRef("pk")).exclude(consent=Participant.Consent.AGREED)
    complete = ~Q(_unanswered()) & ~Q(Exists(others))
    yield Errand("resubmit", "要再提出", (State.RETURNED,), mine & complete, CORRECT_PAGE)
    yield from waiting_money.of_approver(viewer)
    yield from waiting_reports.of_approver(viewer)
    handed = _change("draft", "returned", handed=True)
    yield Errand("submit_change", "変更の要提出", GOING_ON, mine & Q(handed), CHANGES_PAGE)


def _field_officer(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    assigned = ApplicationProject.objects.filter(application=OuterRef("pk"), assignees=viewer.works_as)
    yield Errand("write", "要入力", (State.DRAFT, State.RETURNED), Q(Exists(assigned)), "subsidies:draft_item")
    yield from waiting_reports.of_field_officer(viewer)


def _bureau_staff(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    mine = Q(lead_bureau=viewer.office.code)
    again = Q(Exists(CorrectionRound.objects.filter(application=OuterRef("pk"))))
    yield Errand("receive_again", "再提出", (State.SUBMITTED,), mine & again, REVIEW_PAGE)
    yield Errand("receive", "要受付", (State.SUBMITTED,), mine & ~again, REVIEW_PAGE)
    yield Errand("consult", "要協議", (State.PRECONSULT,), mine, "subsidies:consultation_close")
    yield Errand("review", "審査中", (State.BUREAU_REVIEW,), mine & ~_settled(viewer), REVIEW_PAGE)
    if viewer.is_bureau:
        typing = Q(pk__in=Application.objects.delegated_to(viewer).values("pk"))
        yield Errand("type", "代理入力", (State.DRAFT,), typing, "subsidies:draft_resume")
    yield from waiting_money.of_staff(viewer)
    yield from waiting_reports.of_staff(viewer)
    yield Errand("finding", "所見・要確認", GRANTED, mine & Q(_finding()), "subsidies:case_findings")
    ready = mine & Q(_hq_opinion(), phase=Phase.GRANT) & ~Q(call__ruleset__in=decided_by_hq)
    yield Errand("draft", "要起案", (State.HQ_REVIEW,), ready, "subsidies:decision_draft")
    unread = mine & Q(_change("submitted", opined=False))
    yield Errand("opine_change", "変更等の要審査", WITH_CHANGE, unread, CHANGES_PAGE)


def _bureau_decider(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    mine = Q(lead_bureau=viewer.office.code)
    ours = mine & ~Q(call__ruleset__in=decided_by_hq)
    yield Errand("decide", "要決裁", (State.APPROVAL,), ours, "subsidies:decision_decide")
    answered = mine & Q(_opinion(viewer.office.key))
    yield Errand("forward", "要進達", (State.BUREAU_REVIEW,), answered, "subsidies:application_forward")
    yield Errand("revoke", "取消し・要決裁", GRANTED, ours & Q(_proposed()), REVOCATION_PAGE)
    yield Errand("reopen", "再確定・要確認", (State.CLOSED,), mine & Q(_reopening(viewer)), REOPENING_PAGE)
    read = Q(_change("submitted", opined=True))
    yield Errand("decide_change", "変更等の要決裁", ON_REQUEST, ours & read, CHANGES_PAGE)
    crosses = Q(_carry_over())
    yield Errand("confirm_delay", "遅延の要確認", (State.DELAY_REVIEW,), mine & read & ~crosses, CHANGES_PAGE)
    yield Errand("lapse", "要失効確認", (State.RETURNED,), mine & Q(_may_lapse(clock.today())), REVIEW_PAGE)
    yield from waiting_money.of_decider(ours)
    yield from waiting_reports.of_decider(ours)
    yield _concurring(viewer)


def _hq_staff(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    unanswered = ~Q(_hq_opinion()) | Q(judge_count__gt=0)
    yield Errand("review", "要審査", (State.HQ_REVIEW,), unanswered, REVIEW_PAGE)
    ready = Q(_hq_opinion(), phase=Phase.GRANT, judge_count=0, call__ruleset__in=decided_by_hq)
    yield Errand("draft", "要起案", (State.HQ_REVIEW,), ready, "subsidies:decision_draft")


def _hq_decider(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    request = Q(_hq_opinion(), phase=Phase.REQUEST)
    yield Errand("select", "要採否決定", (State.HQ_REVIEW,), request, "subsidies:request_decide")
    ours = Q(call__ruleset__in=decided_by_hq)
    yield Errand("decide", "要決裁", (State.APPROVAL,), ours, "subsidies:decision_decide")
    yield Errand("revoke", "取消し・要決裁", GRANTED, ours & Q(_proposed()), REVOCATION_PAGE)
    yield Errand("reopen", "再確定・要確認", (State.CLOSED,), Q(_reopening(viewer)), REOPENING_PAGE)
    read = Q(_change("submitted", opined=True))
    yield Errand("decide_change", "変更等の要決裁", ON_REQUEST, ours & read, CHANGES_PAGE)
    yield Errand("carry_over", "繰越の要決裁", (State.DELAY_REVIEW,), read & Q(_carry_over()), CHANGES_PAGE)
    yield from waiting_money.of_decider(ours)
    yield from waiting_reports.of_decider(ours)


def _accounting(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    yield from _department(viewer, decided_by_hq)
    yield from waiting_money.of_accounting()


def _department(viewer: Viewer, decided_by_hq: Rulesets) -> Iterator[Errand]:
    yield _concurring(viewer)
    yield Errand("agree_revocation", "取消し・要合議", GRANTED, Q(_revocation_turn(viewer)), REVOCATION_PAGE)


_BY_DUTY = {
    Duty.MP: _planner,
    Duty.MA: _approver,
    Duty.MF: _field_officer,
    Duty.BM: _bureau_decider,
    Duty.BS: _bureau_staff,
    Duty.HM: _hq_decider,
    Duty.HS: _hq_staff,
    Duty.SD: _department,
    Duty.AC: _accounting,
}


def _concurring(viewer: Viewer) -> Errand:
    steps = ApprovalStep.objects.filter(
        route__application=OuterRef("pk"),
        route__state="circulating",
        kind=ApprovalStep.Kind.CONCUR,
        result=ApprovalStep.Result.WAITING,
        duty__in=[duty.value for duty in viewer.duties],
        office_key__in=[viewer.office.key, f"{viewer.office.key}/{viewer.office.section}"],
    )
    return Errand("concur", "要合議", (State.APPROVAL,), Q(Exists(steps)), "subsidies:decision_concur")


def _proposed() -> Exists:
    return Exists(Revocation.objects.filter(application=OuterRef("pk"), state=Revocation.State.PROPOSED))


def _finding() -> Exists:
    """A rule holds no more, and nobody has said what follows."""
    return Exists(Finding.objects.filter(application=OuterRef("pk"), conclusion="", gone_at=None))


def _revocation_turn(viewer: Viewer) -> Exists:
    turns = RevocationConcurrence.objects.filter(
        revocation__application=OuterRef("pk"),
        revocation__state=Revocation.State.PROPOSED,
        result=RevocationConcurrence.Result.WAITING,
        duty__in=[duty.value for duty in viewer.duties],
        office_key=f"{viewer.office.key}/{viewer.office.section}",
    )
    return Exists(turns)


def _reopening(viewer: Viewer) -> Exists:
    """Somebody else asks to fix a closed file anew."""
    asked = Reopening.objects.filter(application=OuterRef("pk"), state=Reopening.State.ASKED)
    return Exists(asked.exclude(asked_by__in=[one for one in (viewer.user_id, viewer.works_as) if one is not None]))


def _unanswered() -> Exists:
    return Exists(
        CorrectionItem.objects.filter(round__application=OuterRef("pk"), round__resubmitted_at=None, answer="")
    )


def _change(*states: str, handed: bool | None = None, opined: bool | None = None) -> Exists:
    """A change in one of these states, handed to the approver or not, with the bureau's opinion or without."""
    found = ChangeRequest.objects.filter(application=OuterRef("pk"), state__in=states)
    if handed is not None:
        found = found.filter(handed_at__isnull=not handed)
    if opined is not None:
        found = found.exclude(opinion="") if opined else found.filter(opinion="")
    return Exists(found)


def _carry_over() -> Exists:
    """A delay under review that ends after 31 March, so that headquarters decides (`crosses_year`)."""
    return Exists(ChangeRequest.objects.filter(application=OuterRef("pk"), state="submitted", crosses_year=True))


def _opinion(office_key: str) -> Exists:
    return Exists(Opinion.objects.filter(application=OuterRef("pk"), office_key=office_key))


def _hq_opinion() -> Exists:
    """Headquarters has answered; the opinions of its other departments (key with a section) are not its answer."""
    said = Opinion.objects.filter(application=OuterRef("pk"), office_key__startswith=f"{OfficeKind.PREFECTURE}:")
    return Exists(said.exclude(office_key__contains="/"))


def _settled(viewer: Viewer) -> Q:
    """The staff's part of the bureau's review is done: an opinion is there and nothing is open.

    A failing rule leaves it settled only where the opinion is against.
    """
    against = Exists(
        Opinion.objects.filter(application=OuterRef("pk"), office_key=viewer.office.key, priority="against")
    )
    return Q(_opinion(viewer.office.key)) & Q(judge_count=0) & (Q(fail_count=0) | Q(against))


def _may_lapse(on: date) -> Exists:
    return Exists(
        CorrectionRound.objects.filter(
            application=OuterRef("pk"), resubmitted_at=None, due_on__lt=on, reminded_on__lte=on - LAPSE_AFTER
        )
    )
