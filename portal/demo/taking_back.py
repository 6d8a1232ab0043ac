"""A revocation on its way in the demo world: proposed and heard, it waits for the bureau's head."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from subsidies.models import Application, Payment, Revocation
from subsidies.services import revocations
from subsidies.workflow import AT_WORK

REVIEWERS = {"nemuro": "nemuro-shinsa", "sorachi": "sorachi-shinsa"}
REVOKED_YEN = 120_000  # made up
FACTS = "計画にない備品の購入に120,000円を充てていたことが、遂行状況の確認で分かった（デモ）。"
SAID = "担当者が経費の区分を誤った。計画の変更の手続をとるべきであった（デモ）。"


def propose_revocation(people: Mapping[str, Viewer], today: date) -> None:
    """Of the grants not yet fixed and without an open claim, a part of the last one is to be revoked."""
    open_claims = Payment.objects.filter(state__in=[Payment.State.CLAIMED, Payment.State.APPROVED])
    grant = Application.objects.filter(state__in=AT_WORK).exclude(payments__in=open_claims).order_by("-pk").first()
    if grant is None or (grant.granted_yen or 0) <= REVOKED_YEN:
        return
    by = {"application_id": grant.pk, "viewer": people[REVIEWERS[grant.lead_bureau_id]]}
    with clock.standing_at(clock.at(today - timedelta(days=6), 10)):
        revocations.propose(
            **by,
            ground=Revocation.Ground.CONDITION,
            scope=Revocation.Scope.PART,
            revoked_yen=REVOKED_YEN,
            facts=FACTS,
        )
    with clock.standing_at(clock.at(today - timedelta(days=2), 15)):
        who = f"{grant.lead.name} デモ 企画担当課長"
        revocations.record_hearing(**by, held_on=today - timedelta(days=3), who=who, statement=SAID)
