"""代理入力: what staff of a bureau do in a municipality's name, and under which delegation."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from common import clock
from common.viewer import Duty, Viewer
from regions.models import Region

from .models import Application, Delegation
from .states import BEFORE_SUBMISSION


def on_behalf(application: Application, viewer: Viewer) -> Delegation | None:
    """Return the delegation under which this person may type the draft today; None for everybody else.

    Only before submission: whoever reviews an application does not mend it in the town's place.
    """
    if not (viewer.is_bureau and viewer.has(Duty.BS)) or application.state not in BEFORE_SUBMISSION:
        return None
    held = Delegation.objects.held_by(viewer).covering(application)
    found: Delegation | None = held.for_list().first()
    return found


def remark(delegation: Delegation | None) -> str:
    """What the timeline adds to the title of an act: whose delegation it rests on, and until when that holds."""
    if delegation is None:
        return ""
    return f"（{delegation.municipality.name}の委任（{delegation.period}）による代理入力）"


def named(delegation: Delegation | None) -> dict[str, int]:
    """How an audit event names the delegation it rests on; nothing where a person acts for her own office."""
    return {} if delegation is None else {"delegation": delegation.pk}


def startable_regions(viewer: Viewer) -> QuerySet[Region]:
    """Regions for which this person may begin an application (T01).

    A planner: those her municipality belongs to today. Staff of a bureau: those led by a municipality whose delegation
    they hold.
    """
    regions: QuerySet[Region] = Region.objects.visible_to(viewer).acting().order_by("name")
    if viewer.is_municipal and viewer.has(Duty.MP):
        return regions.of_member(viewer.office.code, clock.today())  # type: ignore[attr-defined, no-any-return]
    held = Delegation.objects.held_by(viewer).filter(application=None)
    whole = Q(lead__in=held.filter(region=None).values("municipality"))
    return regions.filter(whole | Q(pk__in=held.filter(region__lead=F("municipality")).values("region")))
