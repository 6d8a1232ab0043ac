"""KPIs of every kind in three regions: some on their path, one short of it, one whose actual is still missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from common import clock
from common.viewer import Viewer
from regions import services as regions
from regions.models import Field, Region
from regions.services import ActualEntry, KpiDraft, ProjectDraft, VisionItemDraft

ENTERED = date(2026, 4, 20)  # the actuals of 令和7年度
NAME = "連携の成果を測る取組（デモ）"


@dataclass(frozen=True)
class DemoKpi:
    """A KPI with what it reached in 令和7年度; None where nobody has entered it yet."""

    name: str
    unit: str
    baseline: str | None
    target: str | None
    reached: str | None
    options: dict[str, object] = field(default_factory=dict)
    yearly: dict[int, str] = field(default_factory=dict)


KPIS = {
    "A06": (
        DemoKpi("合同研修を修了した職員（累計）", "人", "40", "200", "75",
                {"cumulative": True, "qualifier": "at_least"},
                {2025: "72", 2026: "104", 2027: "136", 2028: "168", 2029: "200"}),
        DemoKpi("転入者数－転出者数", "人", "-3639", "-2000", "-3480"),
        DemoKpi("災害時の情報伝達の遅れ", "件", "3", "0", "2", {"direction": "down", "qualifier": "at_most"}),
    ),
    "南空知四町": (
        DemoKpi("研修の満足度", "％", None, "80", "66", {"qualifier": "at_least"}, {2025: "60", 2027: "70"}),
        DemoKpi("夜間の救急を受け入れる病院", "か所", "5", "5", "5", {"direction": "keep", "qualifier": "keep"}),
        DemoKpi("共同の電子申請を使う市町村", "市町村", "0", None, None, {"qualifier": "all"}),
    ),
    "長沼栗山": (
        DemoKpi("共同で使うバス路線", "路線", "2", "6", "3"),
        DemoKpi("雪に強い住宅への改修（累計）", "戸", "427", "2400", "760", {"cumulative": True}, {2025: "1200"}),
    ),
}  # fmt: skip


def add_initiative(region: Region, key: str, planner: Viewer) -> list[VisionItemDraft]:
    """Add the initiative with its KPIs to a region that has one here; return it as an item for the vision."""
    if key not in KPIS:
        return []
    main = Field.objects.get(name="人材の育成")
    draft = ProjectDraft(NAME, from_fy=2025, main_field=main.pk, outline="連携の成果を指標で測り、次の取組に生かす。")
    project = regions.add_project(region.pk, draft, viewer=planner)
    for one in KPIS[key]:
        baseline = None if one.baseline is None else Decimal(one.baseline)
        regions.set_kpi(
            project.pk,
            KpiDraft(
                one.name,
                one.unit,
                **{"cumulative": False} | one.options,  # type: ignore[arg-type]
                baseline=baseline,
                baseline_fy=None if baseline is None else 2024,
                target=None if one.target is None else Decimal(one.target),
                target_fy=2029,
                data_source="各市町の実施記録の集計",
                yearly={year: Decimal(value) for year, value in one.yearly.items()},
            ),
            viewer=planner,
        )
    return [VisionItemDraft(project.pk, draft.outline, "構成市町の企画担当", {})]


def enter_actuals(made: dict[str, Region], planners: dict[str, Viewer]) -> None:
    """Let each region's planner enter what was reached in 令和7年度."""
    with clock.standing_at(clock.at(ENTERED)):
        for key, kpis in KPIS.items():
            reached = {one.name: one.reached for one in kpis}
            rows = made[key].projects.get(name=NAME).kpis.order_by("number")
            entries = [
                ActualEntry(row.pk, 2025, Decimal(value)) for row in rows if (value := reached[row.name]) is not None
            ]
            regions.record_actuals(entries, viewer=planners[key])
