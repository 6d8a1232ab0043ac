"""The KPI actuals of a region as a workbook that is filled in offline and comes back as I-10."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from common import clock
from common.fiscal_year import FiscalYear, wareki
from common.sheets.forms import Form, Input, Kind, workbook

from .kpi_records import KpiRecord
from .kpi_words import figure
from .models import Region
from .resources.kpi_actuals import KpiActuals


def actuals_form(region: Region, records: Sequence[KpiRecord]) -> IO[bytes]:
    """One row for each KPI and year up to the running one, with what stands; only value and evidence are open."""
    kind, today = KpiActuals(), FiscalYear.of(clock.today())
    options: dict[str, dict[str, Any]] = {
        "region": {"width": 11, "locked": True},
        "project": {"width": 12, "locked": True},
        "number": {"kind": Kind.WHOLE, "width": 9, "locked": True},
        "year": {"width": 13, "locked": True},
        "value": {"kind": Kind.NUMBER, "width": 13, "hint": "まだ実績のない年度は空欄のままで構いません。"},
        "evidence": {"width": 34, "hint": "200字以内。空欄のときは計画の「データの出所」を根拠とします。"},
        "project_name": {"width": 30, "locked": True},
        "kpi_name": {"width": 34, "locked": True},
        "unit": {"width": 8, "locked": True},
    }
    columns = [Input(one.heading, required=one.required, **options[one.name]) for one in kind.declared]
    columns += [Input("計画値（参考）", Kind.NUMBER, 14, locked=True)]
    form = Form(
        title=kind.title,
        columns=columns,
        rows=[row for record in records for row in _rows(region, record, today)],
        lists={},
        notes=[
            f"{region.name}のKPIの実績です。{wareki(clock.today())}にポータルから書き出しました。",
            "白い欄（実績値と根拠）に入力してください。灰色の欄は変えられません。",
            "まだ実績のない年度は、空欄のままで構いません。前に入力した実績は、空欄にしても消えません。消すときは、ポータルの画面で消してください。",
            "減る数や負の値は「▲3639」または「-3639」と書けます。累計の指標は、開始からその年度末までの合計を書いてください。",
            "根拠を空欄にすると、計画の「データの出所」を根拠とします。",
            "書き終えたら、保存して、ポータルの「Excelから取り込む」で選んでください。何が変わるかを確かめてから取り込めます。",
        ],
        blank=0,
    )
    return workbook(form)


def _rows(region: Region, record: KpiRecord, today: FiscalYear) -> list[list[Any]]:
    kpi, plan = record.kpi, record.plan
    last = min(today, plan.last if plan.last is not None else today)
    years = sorted({*range(plan.first if plan.first is not None else today, last + 1), *record.actuals})
    rows = []
    for year in years:
        actual, goal = record.actuals.get(year), record.planned(year)
        rows.append(
            [
                region.pk,
                kpi.project.code,
                kpi.number,
                FiscalYear(year).wareki,
                actual.value if actual else None,
                actual.evidence if actual else None,
                kpi.project.name,
                kpi.name,
                kpi.unit,
                figure(goal.value) if goal else None,
            ]
        )
    return rows
