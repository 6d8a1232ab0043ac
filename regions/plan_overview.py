"""The forward plans of all bureaus side by side, as far as an office may know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau

from . import duties
from .models import ConferenceMeeting, ForwardPlan


@dataclass(frozen=True)
class BureauLine:
    """A bureau with the plan in force, the version in the making, and the meetings of this and the last year."""

    bureau: Bureau
    plan: ForwardPlan | None
    draft: ForwardPlan | None
    meetings: Sequence[ConferenceMeeting]


def lines_for(viewer: Viewer) -> list[BureauLine]:
    """Return one line for each bureau of the prefecture, in three queries."""
    year = FiscalYear.of(clock.today())
    plans = list(ForwardPlan.objects.visible_to(viewer).with_counts())
    adopted = {plan.bureau_id: plan for plan in plans if plan.state == "adopted"}
    drafts = {plan.bureau_id: plan for plan in plans if plan.state in ("draft", "conference")}
    meetings = []
    if viewer.may(duties.CONFERENCE):
        since = FiscalYear(year - 1).first_day
        meetings = list(ConferenceMeeting.objects.visible_to(viewer).held_between(since, year.last_day))
    return [
        BureauLine(
            bureau,
            adopted.get(bureau.pk),
            drafts.get(bureau.pk),
            [meeting for meeting in meetings if meeting.bureau_id == bureau.pk],
        )
        for bureau in bureaus()
    ]


def bureau_of(viewer: Viewer) -> Bureau | None:
    """Return the bureau of the post worn, None for every other office."""
    return Bureau.objects.filter(pk=viewer.office.code).first() if viewer.is_bureau else None


def bureaus() -> list[Bureau]:
    """Return the bureaus of the prefecture in their order, without branches; every office knows them."""
    return list(Bureau.objects.filter(prefecture=settings.PREFECTURE_CODE, parent=None).order_by("order"))
