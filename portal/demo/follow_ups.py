"""The first year after last year's support in the demo world: the towns have said how their initiative goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from subsidies.models import FollowUp
from subsidies.services import follow_ups
from subsidies.services.follow_ups import Answer

PLANNERS = {"012238": "nemuro-kikaku", "014281": "naganuma-kikaku"}
GOES_ON = Answer(
    continues=True,
    funding="構成市町の一般財源（均等割）（デモ）",
    staffing="根室市が事務局、各町に担当1名（デモ）",
    obstacles="担当者の異動のときの引継ぎ（デモ）。",
)


def make_follow_ups(people: Mapping[str, Viewer], today: date) -> None:
    """Answer this year's questions of the closed grants whose planner is known; the bureau has not commented yet."""
    this_year = FollowUp.objects.filter(answered_at=None, fiscal_year=int(FiscalYear.of(today)))
    for row in this_year.select_related("application").order_by("pk"):
        planner = people.get(PLANNERS.get(row.application.lead_id, ""))
        if planner is None:
            continue
        with clock.standing_at(clock.at(today - timedelta(days=6), 10)):
            follow_ups.write(follow_up_id=row.pk, answer=GOES_ON, revision=row.revision, viewer=planner)
        with clock.standing_at(clock.at(today - timedelta(days=5), 9)):
            approver = people[f"shonin-{row.application.lead_id}"]
            follow_ups.submit(follow_up_id=row.pk, viewer=approver)
