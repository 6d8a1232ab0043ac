"""What a vision lacks before it can be adopted, and what makes it thin: one list for the pages and the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from common.fiscal_year import FiscalYear
from common.models import StoredFile

from .models import Agreement, Vision
from .zone_shares import zone_share

COPY = "圏域のビジョン（写し）"


@dataclass(frozen=True)
class Lack:
    """One thing that is missing. `part` is the part of the draft where it is written, `item` the initiative's row;
    without `must` the vision can be adopted all the same."""

    text: str
    part: str
    must: bool = False
    item: int | None = None


def lacks(vision: Vision, on: date) -> list[Lack]:
    """Everything missing on the day, what blocks adoption first; a constant number of queries."""
    found = _of_equivalent(vision, on) if vision.equivalent_zone_id else _of_own(vision, on)
    return sorted(found, key=lambda one: not one.must)


def _of_equivalent(vision: Vision, on: date) -> list[Lack]:
    found = []
    if not vision.items.exists():
        found.append(Lack("取組を1つ以上載せてください。", "items", True))
    copies = StoredFile.objects.of(vision).filter(label=COPY)
    if not vision.reference.strip() and not copies.exists():
        found.append(Lack("圏域のビジョンの写しを添付するか、所在を入力してください。", "texts", True))
    share = zone_share(vision.region_id, vision.equivalent_zone_id or "", on)
    if not share.counts:
        found.append(Lack(share.sentence, "texts", True))
    return found


def _of_own(vision: Vision, on: date) -> list[Lack]:
    found = []
    items = list(vision.items.select_related("project").prefetch_related("costs", "parts", "project__kpis"))
    if not items:
        found.append(Lack("取組を1つ以上載せてください。", "items", True))
    if not vision.future_image.strip():
        found.append(Lack("目指す将来像を入力してください。", "texts", True))
    if not Agreement.objects.in_force(on).filter(region=vision.region_id).exists():
        found.append(Lack("策定日に効力のある地域連携協定がありません。", "texts", True))
    if not vision.issues.strip():
        found.append(Lack("課題が書かれていません。", "texts"))
    if not vision.aims.strip():
        found.append(Lack("目指す姿が書かれていません。", "texts"))
    for item in items:
        name = item.project.name
        if not item.outline.strip():
            found.append(Lack(f"「{name}」の概要が書かれていません。", "items", item=item.pk))
        if not item.project.main_field_id:
            found.append(Lack(f"「{name}」の主な分野が選ばれていません。", "items", item=item.pk))
        if not item.roles.strip() and not item.parts.all():
            found.append(Lack(f"「{name}」の役割分担が書かれていません。", "items", item=item.pk))
        empty = sorted(_years_running(vision, item.project.from_fy, item.project.to_fy) - _priced(item))
        if empty:
            years = "、".join(FiscalYear(year).short for year in empty)
            found.append(Lack(f"「{name}」の事業費が空欄です（{years}）。", "costs", item=item.pk))
        if not item.project.kpis.all():
            found.append(Lack(f"「{name}」のKPIがありません。", "kpi", item=item.pk))
    return found


def _years_running(vision: Vision, first: int, last: int | None) -> set[int]:
    """The years of the term in which the initiative runs."""
    return {year for year in vision.years if first <= year and (last is None or year <= last)}


def _priced(item: object) -> set[int]:
    return {cost.fiscal_year for cost in item.costs.all()}  # type: ignore[attr-defined]
