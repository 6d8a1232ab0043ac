"""What waits for this person in this room: consents, receipts, papers in the making, figures that are owed.

`portal` puts these lines beside those of the applications. An errand is work that this duty, in this office, can do
now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from common import clock
from common.viewer import Duty, Viewer
from common.work import WorkItem, by_due

from .kpi_due import actuals_due
from .models import (
    Agreement,
    ConferenceMeeting,
    ForwardPlan,
    FutureForecast,
    Region,
    RegionLink,
    StageAssessment,
    SubGroup,
    Vision,
)

OURS = "ours"
Items = Iterator[WorkItem]


def items_for(viewer: Viewer, *, assigned: Collection[int] = ()) -> list[WorkItem]:
    """Return what waits for this person here, by due date (none last), then by how long it has waited.

    `assigned` are the ids of the initiatives that a field officer writes (the room that assigns them knows).
    At most nine queries, however much there is.
    """
    found: dict[tuple[str, int, str], WorkItem] = {}
    for duty, errands in _BY_DUTY.items():
        if viewer.has(duty):
            for errand in errands:
                found |= {(item.kind, item.pk, item.label): item for item in errand(viewer)}
    for item in _actuals(viewer, assigned):
        found[item.kind, item.pk, item.url] = item
    return sorted(found.values(), key=by_due)


def _actuals(viewer: Viewer, assigned: Collection[int]) -> Items:
    """KPI actuals that are owed, one line a region."""
    if not viewer.has(Duty.MP, Duty.MF):
        return
    for number, line in enumerate(actuals_due(viewer, assigned=assigned)):
        url = reverse("regions:kpi_list", args=[line.region.pk])
        yield _item(number, "KPI", "要入力", line.region.name, line.title, url, line.since)


def _consents(viewer: Viewer) -> Items:
    """Agreements that wait for the consent of the approver's own town."""
    rows = Agreement.objects.visible_to(viewer).awaiting(viewer.office.code).select_related("region").distinct()
    for row in rows:
        yield _paper(row, "協定", "要同意", "regions:agreement_consent", row.asked_on, row.answer_by)


def _forecasts(viewer: Viewer) -> Items:
    """Forecasts of several towns to whose publication the own town has not agreed."""
    for row in FutureForecast.objects.visible_to(viewer).awaiting(viewer.office.code):
        url = reverse("regions:forecast_detail", args=[row.pk])
        yield _item(row.pk, "未来予測", "要同意", row.title, "公表の同意", url, None)


def _agreements_in_the_making(viewer: Viewer) -> Items:
    """Drafts of agreements that the lead's planner writes."""
    for row in (
        Agreement.objects.visible_to(viewer)
        .filter(state="draft", region__lead=viewer.office.code)
        .select_related("region")
    ):
        yield _paper(row, "協定", "作成中", "regions:agreement_detail")


def _visions_in_the_making(viewer: Viewer) -> Items:
    """Drafts of visions that the lead's planner writes."""
    for row in (
        Vision.objects.visible_to(viewer)
        .filter(state="draft", region__lead=viewer.office.code)
        .select_related("region")
    ):
        yield _paper(row, "ビジョン", "作成中", "regions:vision_detail")


def _visions_to_adopt(viewer: Viewer) -> Items:
    """Visions that were consulted on and that the lead's approver adopts."""
    rows = Vision.objects.visible_to(viewer).filter(state="consulted", region__lead=viewer.office.code)
    for row in rows.select_related("region"):
        yield _paper(row, "ビジョン", "要策定", "regions:vision_detail")


def _groups_without_decision(viewer: Viewer) -> Items:
    """Sub-groups in the own chair that look after initiatives and have put no decision on record."""
    rows = SubGroup.objects.visible_to(viewer).acting().filter(chair=viewer.office.code, decisions=None)
    for row in rows.filter(projects__isnull=False).select_related("region").distinct():
        url = reverse("regions:group_detail", args=[row.pk])
        yield _item(row.pk, "部会", "要記録", row.region.name, f"部会「{row.name}」の決定の記録", url, row.set_up_on)


def _visions_to_comment(viewer: Viewer) -> Items:
    """Visions on which the lead bureau is consulted."""
    rows = Vision.objects.visible_to(viewer).filter(state="consulted", region__lead_bureau=viewer.office.code)
    for row in rows.select_related("region"):
        yield _paper(row, "ビジョン", "協議中", "regions:vision_detail")


def _meetings_to_record(viewer: Viewer) -> Items:
    """Meetings of the own conference whose day is over and which are not on record."""
    rows = ConferenceMeeting.objects.visible_to(viewer).filter(bureau=viewer.office.code, state="scheduled")
    for row in rows.filter(planned_on__lte=clock.today()):
        url = reverse("regions:meeting_detail", args=[row.pk])
        yield _item(row.pk, "検討会議", "要記録", row.title, "開催の記録", url, row.planned_on)


def _minutes_to_confirm(viewer: Viewer) -> Items:
    """Minutes of the own conference that the head confirms."""
    for row in ConferenceMeeting.objects.visible_to(viewer).filter(bureau=viewer.office.code, state="held"):
        url = reverse("regions:meeting_detail", args=[row.pk])
        yield _item(row.pk, "検討会議", "要確認", row.title, "議事録の確認", url, row.held_on)


def _minutes_to_comment(viewer: Viewer) -> Items:
    """Minutes of the own conference that are open for opinions, where the own office has given none."""
    rows = ConferenceMeeting.objects.visible_to(viewer).of_viewer(viewer).due_from(clock.today()).filter(state="held")
    for row in rows.exclude(comments__office_key=viewer.office.key):
        url = reverse("regions:meeting_detail", args=[row.pk])
        yield _item(row.pk, "検討会議", "要確認", row.title, "議事録案への意見", url, row.circulated_on, row.comment_by)


def _plans_to_receive(viewer: Viewer) -> Items:
    """Adopted forward plans that headquarters has not received."""
    for row in ForwardPlan.objects.visible_to(viewer).filter(state="adopted", received_on=None):
        url = reverse("regions:plan_detail", args=[row.pk])
        yield _item(row.pk, "前進プラン", "要受理", row.title, f"第{row.version}版の受理", url, row.adopted_on)


def _stages_to_confirm(viewer: Viewer) -> Items:
    """Regions of the own bureau with readings of the stage that the head has not confirmed."""
    open_readings = StageAssessment.objects.filter(region=OuterRef("pk"), confirmed_on=None)
    rows = Region.objects.visible_to(viewer).filter(Exists(open_readings), lead_bureau=viewer.office.code)
    for number, row in enumerate(rows.order_by("code")):
        url = reverse("regions:region_stages", args=[row.pk])
        yield _item(number, "ステージ", "要確認", row.name, "ステージの評価の確認", url, None)


def _plans_to_adopt(viewer: Viewer) -> Items:
    """Forward plans that the conference discussed and the head adopts."""
    for row in ForwardPlan.objects.visible_to(viewer).filter(bureau=viewer.office.code, state="conference"):
        url = reverse("regions:plan_detail", args=[row.pk])
        yield _item(row.pk, "前進プラン", "要策定", row.title, f"第{row.version}版", url, None)


def _agreements_to_receive(viewer: Viewer) -> Items:
    """Agreements in force that the lead bureau has not received; those known from history only (`source`) are left."""
    rows = Agreement.objects.visible_to(viewer).filter(state="in_force", received_on=None, source="")
    for row in rows.filter(region__lead_bureau=viewer.office.code).select_related("region"):
        yield _paper(row, "協定", "要受理", "regions:agreement_detail", row.signed_on)


def _visions_to_receive(viewer: Viewer) -> Items:
    """Adopted visions that the lead bureau has not received."""
    rows = Vision.objects.visible_to(viewer).filter(state="adopted", received_on=None, source="")
    for row in rows.filter(region__lead_bureau=viewer.office.code).select_related("region"):
        yield _paper(row, "ビジョン", "要受理", "regions:vision_detail", row.adopted_on)


def _successors_to_name(viewer: Viewer) -> Items:
    """Regions that moved to a national scheme while nobody has said to which zone."""
    mine = Q() if viewer.is_prefecture else Q(lead_bureau=viewer.office.code)
    linked = RegionLink.objects.filter(predecessor=OuterRef("pk"))
    rows = Region.objects.visible_to(viewer).filter(mine, ~Exists(linked), state=Region.State.NATIONAL)
    for number, row in enumerate(rows.order_by("code")):
        url = reverse("regions:region_links", args=[row.pk])
        yield _item(number, "連携地域", "要登録", row.name, "後継の圏域の登録", url, None)


Errand = Callable[[Viewer], Items]
_BY_DUTY: dict[Duty, tuple[Errand, ...]] = {
    Duty.MP: (_agreements_in_the_making, _visions_in_the_making, _groups_without_decision, _minutes_to_comment),
    Duty.MA: (_consents, _forecasts, _visions_to_adopt),
    Duty.BS: (_visions_to_comment, _meetings_to_record),
    Duty.BM: (
        _agreements_to_receive,
        _visions_to_receive,
        _minutes_to_confirm,
        _plans_to_adopt,
        _stages_to_confirm,
        _successors_to_name,
    ),
    Duty.HS: (_successors_to_name,),
    Duty.HM: (_plans_to_receive,),
}


def _paper(row: Any, kind: str, label: str, page: str, since: date | None = None, due: date | None = None) -> WorkItem:
    subtitle = f"{row.title} 第{row.version}版"
    return _item(row.pk, kind, label, row.region.name, subtitle, reverse(page, args=[row.pk]), since, due)


def _item(
    pk: int, kind: str, label: str, title: str, subtitle: str, url: str, since: date | None, due: date | None = None
) -> WorkItem:
    waiting = (clock.today() - since).days if since else 0
    return WorkItem(pk, due, label, OURS, title, subtitle, url, max(waiting, 0), kind=kind)
