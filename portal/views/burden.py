"""作業の分担: who carries how much of a region's work, for its members and those who look after them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from common import clock
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.sheets.writing import Column
from regions import duties
from regions.models import Region
from regions.views.common import region_or_404

from ..burden import Burden, Kind, Task, burden_of

PER_PAGE = 30


def region_burden(request: Request, code: str) -> HttpResponse:
    """The table of members, hints, and the tasks with their dates (of one member with `?town=`)."""
    region = _region(request, code)
    burden = burden_of(region, clock.today())
    tasks = _narrowed(request, burden)
    context = {
        "region": region,
        "burden": burden,
        "kinds": list(Kind),
        "town": request.GET.get("town", ""),
        "tasks": Paginator(tasks, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "regions/region_burden.html", context)


def region_burden_export(request: Request, code: str) -> HttpResponseBase:
    """The tasks, narrowed as the page, written out."""
    region = _region(request, code)
    burden = burden_of(region, clock.today())
    names = {load.town.pk: load.town.name for load in burden.loads}
    open_ones = {id(task) for load in burden.loads for task in load.open}
    columns: list[Column[Task]] = [
        Column("団体コード", lambda task: task.town, 12),
        Column("市町村名", lambda task: names[task.town], 14),
        Column("状態", lambda task: "未了" if id(task) in open_ones else "済", 8),
        Column("種類", lambda task: task.kind.label, 16),
        Column("作業", lambda task: task.text, 50),
        Column("日付（未了は期限・開始の日）", lambda task: task.on, 18),
        Column("行った人", lambda task: task.who, 30),
    ]
    trail = [
        ("連携地域", reverse("regions:region_list")),
        (region.name, reverse("regions:region_detail", args=[region.pk])),
        ("作業の分担", reverse("regions:region_burden", args=[region.pk])),
    ]
    return export_page(request, Export(f"作業の分担_{region.pk}", columns, _narrowed(request, burden), trail))


def _narrowed(request: Request, burden: Burden) -> list[Task]:
    town = request.GET.get("town", "")
    return [task for task in burden.tasks if not town or task.town == town]


def _region(request: Request, code: str) -> Region:
    region = region_or_404(request, code, duties.BURDEN)
    if not Region.objects.own_to(request.viewer).filter(pk=region.pk).exists():
        raise PermissionDenied("作業の分担は、この地域の構成市町村、管内の振興局と本庁だけが見られます。")
    return region
