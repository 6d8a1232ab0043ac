"""Changes, stops and delays on the page of a granted application."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.fiscal_year import wareki
from common.viewer import Viewer

from ..duties import CHANGE
from ..models import Application, ChangeRequest
from ..services import change_decisions, changes
from ..services.advance import may_take
from ..states import State
from ..workflow import STEPS, Action
from .registry import Offer, Place, Topic, offers, topics

Phase = ChangeRequest.State


@topics(Place.CHANGES)
def change_topics(application: Application, viewer: Viewer) -> Iterator[Topic]:
    """One line: how often the grant was changed, and what is open; one query."""
    if not viewer.may(CHANGE):
        return
    rows = [row for row in application.changes.all() if row.submitted_at or viewer.is_municipal]
    standing = next((row for row in rows if row.is_open), None)
    due = False
    if standing is not None:
        words = f"{standing.title}：{standing.get_state_display()}"
        due = _waits(application, standing, viewer)
    else:
        done = [row for row in rows if row.state in (Phase.APPROVED, Phase.FILED)]
        words = f"{len(done)}件（最後：{done[0].title}、{done[0].get_state_display()}）" if done else "なし"
    if application.carried_over:
        words += f"　{application.work_year.wareki}へ繰越（完了予定日 {wareki(application.end_on)}）"
    yield Topic("変更・中止・遅延", reverse("subsidies:application_changes", args=[application.pk]), words, due)


@offers
def change_offers(application: Application, viewer: Viewer) -> Iterator[Offer]:
    """What this person may do next about changes."""
    if not viewer.may(CHANGE):
        return
    standing = next((row for row in application.changes.all() if row.is_open), None)
    if standing is not None and _waits(application, standing, viewer):
        url = reverse("subsidies:change_detail", args=[application.pk, standing.number])
        yield Offer(f"{standing.get_kind_display()}の手続を進める", url, main=True)
    elif standing is None and application.state in (State.RUNNING, State.SUSPENDED):
        if changes.may_write(application, viewer):
            yield Offer("変更・中止・遅延の手続", reverse("subsidies:change_new", args=[application.pk]))
        if application.state == State.SUSPENDED and may_take(application, STEPS[Action.RESUME], viewer):
            yield Offer("再開を届け出る", reverse("subsidies:application_resume", args=[application.pk]), main=True)


def _waits(application: Application, change: ChangeRequest, viewer: Viewer) -> bool:
    """Whether the next move on an open change is this person's."""
    if change.editable:
        return (
            changes.may_submit(application, viewer)
            if change.handed_at is not None
            else changes.may_write(application, viewer)
        )
    if not change.opinion:
        return change_decisions.may_opine(application, viewer)
    return may_take(application, STEPS[change_decisions.approving(change)], viewer)
