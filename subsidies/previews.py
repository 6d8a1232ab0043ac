"""Papers before they are issued: the same builders, on what is proposed now; nothing is stored and no number taken."""

from __future__ import annotations

from typing import Any

from common import clock
from common.documents import UnknownKind

from .grants import proposal_of
from .issuing import PAPERS
from .models import Application, ApprovalRoute, Decision, Settlement
from .papers import snapshot
from .settling import reckon, sums_of
from .states import State

DECISIONS = {
    "D-06": Decision.Kind.SELECTED,
    "D-07": Decision.Kind.NOT_SELECTED,
    "D-08": Decision.Kind.GRANTED,
    "D-09": Decision.Kind.REFUSED,
}
TOWN_PAPERS = ("D-01", "D-03")
OFFICE_PAPERS = ("D-04", "D-05", "D-20", *DECISIONS)
NOT_YET = "（理由は決裁のときに記載します。）"


def is_internal(kind: str) -> bool:
    """Drafts of decisions are 庁内限り although the notice will not be; so are papers that always are."""
    return kind in OFFICE_PAPERS or PAPERS[kind].internal


def draft_of(kind: str, application: Application) -> dict[str, Any]:
    """Return the data of a paper as it would be issued now.

    Raises UnknownKind for a paper that has no draft at this point (no proposal in circulation, no such paper).
    """
    if kind in TOWN_PAPERS:
        expected = "D-01" if application.phase == Application.Phase.REQUEST else "D-03"
        if kind != expected:
            raise UnknownKind(kind)
        return snapshot(kind, application)
    if kind == "D-04":
        return snapshot(kind, application)
    if kind == "D-20":
        return snapshot(kind, application, settlement=_to_be_fixed(application))
    route = application.routes.order_by("-id").first()
    if kind == "D-05":
        if route is None:
            raise UnknownKind(kind)
        return snapshot(kind, application, route=route)
    if kind not in DECISIONS:
        raise UnknownKind(kind)
    return snapshot(kind, application, decision=_proposed(kind, application, route))


def _proposed(kind: str, application: Application, route: ApprovalRoute | None) -> Decision:
    """The decision as it is proposed, unsaved."""
    now = clock.now()
    proposal = proposal_of(application)
    amount = application.proposed_yen if proposal is None else proposal.amount_yen
    if route is not None and route.amount_yen is not None:
        amount = route.amount_yen
    return Decision(
        application=application,
        route=route,
        kind=DECISIONS[kind],
        amount_yen=amount if kind in ("D-06", "D-08") else None,
        conditions=route.conditions if route else "",
        reason=(route.plan if route else NOT_YET) if kind in ("D-07", "D-09") else "",
        decided_on=clock.today(),
        decided_at=now,
    )


def _to_be_fixed(application: Application) -> Settlement:
    """The settlement that the last inspection gives, unsaved. Raises UnknownKind before an inspection and after it."""
    inspection = application.inspections.order_by("-number").first()
    if application.state != State.INSPECTED or inspection is None:
        raise UnknownKind("D-20")
    figures = reckon(application, eligible_yen=inspection.eligible_yen, other_income_yen=inspection.other_income_yen)
    less = inspection.eligible_yen < sums_of(application.report).eligible_yen
    return Settlement(
        application=application,
        inspection=inspection,
        granted_yen=figures.granted_yen,
        eligible_yen=figures.eligible_yen,
        other_income_yen=figures.other_income_yen,
        rate=figures.rate_text,
        fixed_yen=figures.result.fixed_yen,
        paid_yen=figures.result.paid_yen,
        reason="（理由は確定のときに記載します。）" if less else "",
    )


def notice_kind(route: ApprovalRoute) -> str:
    """Which notice the approval of this draft will issue."""
    return "D-08" if route.act == ApprovalRoute.Act.GRANT else "D-09"
