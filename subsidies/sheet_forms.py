"""The forms of a grant that are filled in offline, prefilled: cost lines (I-11), KPI plan (F-01), actual costs (F-02).

What comes back is read by `resources/`; the headings here are those declared there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import IO, Any

from common import clock
from common.fiscal_year import wareki
from common.sheets.fields import SheetField
from common.sheets.forms import Form, Input, Kind, workbook
from common.sheets.kinds import SheetKind
from regions.forms import NEW
from regions.models import Kpi

from .models import Application, CostLine, ReportCost
from .reporting import Line
from .resources import CostSheet, KpiSheet, ReportCostSheet
from .resources.application import (
    ELSEWHERE,
    HARD,
    JOINTLY,
    TOGETHER,
    kpis_of,
    of_kpi,
    of_line,
    year_heading,
    years_of,
)
from .resources.report import of_report_cost

LISTED_PROJECTS, LISTED_MEMBERS = "取組", "構成市町村"


def cost_form(application: Application) -> IO[bytes]:
    """The cost lines as they stand, with a hundred empty rows below; numbers of new lines count on by themselves."""
    projects, members = _projects(application), _members(application)
    lines = list(application.costs.select_related("project").order_by("number"))
    first = len(lines) + 2  # the sheet row of the first empty one
    kind = CostSheet()
    columns = _columns(
        kind,
        {
            "number": {
                "kind": Kind.WHOLE,
                "width": 8,
                "locked": True,
                "formula": lambda row: f'=IF($E{row}="","",{len(lines)}+COUNTA($E${first}:$E{row}))',
            },
            "project": {"choices": LISTED_PROJECTS, "width": 30, "hint": f"どの取組にも共通の経費は「{TOGETHER}」。"},
            "member": {"choices": LISTED_MEMBERS, "width": 22, "hint": f"共同で負担するものは「{JOINTLY}」。"},
            "category": {"choices": "節", "width": 14},
            "description": {"width": 36, "hint": "200字以内。"},
            "quantity": {"kind": Kind.NUMBER, "width": 9},
            "unit": {"width": 8},
            "unit_price": {"kind": Kind.YEN, "width": 13},
            "amount": {
                "kind": Kind.YEN,
                "width": 14,
                "hint": "数量と単価を入れると計算します。上書きもできます。",
                "formula": lambda row: f'=IF(OR($F{row}="",$H{row}=""),"",$F{row}*$H{row})',
            },
            "eligible": {"kind": Kind.YEN, "width": 14, "hint": "空欄のときは金額と同じとします。"},
            "hard": {"choices": "ハード区分", "width": 12},
            "elsewhere": {"choices": "他の補助金", "width": 12},
        },
    )
    shown = {
        "project": lambda code: projects.get(code, TOGETHER),
        "member": lambda code: members.get(code, JOINTLY),
        "category": lambda value: CostLine.Category(value).label,
        "hard": HARD.__getitem__,
        "elsewhere": ELSEWHERE.__getitem__,
    }
    form = Form(
        title=kind.title,
        columns=columns,
        rows=[_row(kind, shown, partial(of_line, line)) for line in lines],
        lists={
            LISTED_PROJECTS: [TOGETHER, *projects.values()],
            LISTED_MEMBERS: [JOINTLY, *members.values()],
            "節": CostLine.Category.labels,
            "ハード区分": list(HARD.values()),
            "他の補助金": list(ELSEWHERE.values()),
        },
        notes=[
            *_about(application, "手順4 経費"),
            "白い欄に入力してください。灰色の欄（行番号）は入力しなくて構いません。新しい行は、下の空いている行に上から続けて書くと、番号が付きます。",
            "＊の付いた列は必ず入力してください。取組、負担市町村、節、ハード区分、他の補助金は、欄を選ぶと出る一覧から選びます。",
            "金額の単位は円です。数量と単価を入れると金額を計算します。対象額は、金額のうち交付の対象となる額です。空欄のときは金額と同じとします。",
            *_back(),
            "この様式では行を消せません。行を消すときは、ポータルの画面の「消す」を使ってください。",
        ],
    )
    return workbook(form)


def kpi_form(application: Application) -> IO[bytes]:
    """The KPI plan as it stands, with forty empty rows below; numbers count on within each initiative."""
    projects = _projects(application)
    kpis = kpis_of(application)
    kind = KpiSheet()
    first = len(kpis) + 2
    years = years_of(application)
    columns = _columns(
        kind,
        {
            "project": {"choices": LISTED_PROJECTS, "width": 30, "locked_rows": True},
            "number": {
                "kind": Kind.WHOLE,
                "width": 9,
                "locked": True,
                "formula": lambda row: (
                    f'=IF($A{row}="","",COUNTIF($A$2:$A{row},$A{row}))'
                    if not kpis
                    else f'=IF($A{row}="","",SUMPRODUCT(MAX(($A$2:$A${first - 1}=$A{row})*$B$2:$B${first - 1}))'
                    f"+COUNTIF($A${first}:$A{row},$A{row}))"
                ),
            },
            "title_of": {"width": 34, "hint": "100字以内。"},
            "unit": {"width": 8},
            "kind": {"choices": "種別", "width": 14},
            "direction": {"choices": "方向", "width": 12},
            "baseline": {"width": 12, "hint": f"数、または前に測ったことがなければ「{NEW}」。"},
            "baseline_fy": {"width": 12, "hint": "令和8年度、R8、2026 のどれでも。"},
            "target": {"kind": Kind.NUMBER, "width": 12, "hint": "条件が「全数」のときは空欄で構いません。"},
            "qualifier": {"choices": "条件", "width": 10},
            "target_fy": {"width": 12, "hint": "令和8年度、R8、2026 のどれでも。"},
            "data_source": {"width": 26},
        },
    )
    columns += [Input(year_heading(year), Kind.NUMBER, 16) for year in years]
    shown = {
        "project": projects.__getitem__,
        "kind": lambda value: Kpi.Kind(value).label,
        "direction": lambda value: Kpi.Direction(value).label,
        "qualifier": lambda value: Kpi.Qualifier(value).label if value else None,
    }
    rows = []
    for kpi in kpis.values():
        row = _row(kind, shown, partial(of_kpi, kpi))
        planned = {target.fiscal_year: target.value for target in kpi.targets.all()}
        rows.append([*row, *(planned.get(year) for year in years)])
    form = Form(
        title=kind.title,
        columns=columns,
        rows=rows,
        lists={
            LISTED_PROJECTS: list(projects.values()),
            "種別": Kpi.Kind.labels,
            "方向": Kpi.Direction.labels,
            "条件": [label for value, label in Kpi.Qualifier.choices if value],
        },
        notes=[
            *_about(application, "手順5 KPI"),
            "白い欄に入力してください。灰色の欄（ある指標の取組とKPI番号）は変えられません。新しい指標は、下の空いている行で取組を選ぶと番号が付きます。",
            "＊の付いた列は必ず入力してください。",
            f"前に測ったことがない指標は、基準値に「{NEW}」と書いてください。減る数は「▲3639」または「-3639」と書けます。",
            "目標年度は、基準年度より後の年度にしてください。",
            *_back(),
            "この様式では指標を消せません。消すときは、ポータルの画面の「この指標を消す」を使ってください。",
        ],
        blank=40,
    )
    return workbook(form)


def report_form(application: Application, lines: Sequence[Line]) -> IO[bytes]:
    """The cost lines of a performance report beside their plan; only what was spent, why and the evidence are open."""
    kind = ReportCostSheet()
    columns = _columns(
        kind,
        {
            "number": {"kind": Kind.WHOLE, "width": 8, "locked": True},
            "project": {"width": 26, "locked": True},
            "category": {"width": 14, "locked": True},
            "description": {"width": 32, "locked": True},
            "planned": {"kind": Kind.YEN, "width": 14, "locked": True},
            "actual": {"kind": Kind.YEN, "width": 14, "hint": "支出がなかった行は0としてください。"},
            "eligible": {"kind": Kind.YEN, "width": 14, "hint": "空欄のときは実績額と同じとします。"},
            "note": {"width": 36, "hint": "計画額と違うとき、その理由。200字以内。"},
            "evidence": {"width": 18, "hint": "領収書などの番号。60字以内。"},
        },
    )
    form = Form(
        title=kind.title,
        columns=columns,
        rows=[[_of_report(line.row, line.plan.amount_yen, one) for one in kind.declared] for line in lines],
        lists={},
        notes=[
            *_about(application, "実績報告の経費"),
            "白い欄（実績額、うち対象額、差の理由、証拠書類の番号）に入力してください。灰色の欄は変えられません。",
            "金額の単位は円です。うち対象額は、実績額のうち交付の対象となる額です。空欄のときは実績額と同じとします。",
            "実績額を空欄にして取り込むと、ポータルの実績額も空欄になります。支出がなかった行は0としてください。",
            "書き終えたら、保存して、ポータルの実績報告のページの「Excelから取り込む」で選んでください。何が変わるかを確かめてから取り込めます。",
        ],
        blank=0,
    )
    return workbook(form)


def _of_report(row: ReportCost, planned_yen: int, field: SheetField) -> Any:
    return planned_yen if field.name == "planned" else of_report_cost(row, field)


def _about(application: Application, step: str) -> list[str]:
    """Whose form this is, and as of when."""
    call = application.call
    return [
        f"{application.region.name}　申請番号 {application.number}（{call.program.name}）の{step}です。",
        f"{wareki(clock.today())}にポータルから書き出しました。",
    ]


def _back() -> list[str]:
    return [
        "書き終えたら、保存して、ポータルの同じ手順の「Excelから取り込む」で選んでください。何が変わるかを確かめてから取り込めます。",
        "取り込むまでにポータルの画面で変わった行は、取込の確認の画面で、いまの内容との違いとして示します。",
    ]


def _columns(kind: SheetKind, options: Mapping[str, Mapping[str, Any]]) -> list[Input]:
    """The declared fields as columns of the form, in their order; `options` says how each is filled in."""
    return [Input(one.heading, required=one.required or one.key, **options[one.name]) for one in kind.declared]


def _row(kind: SheetKind, shown: Mapping[str, Callable[[Any], Any]], value: Callable[[SheetField], Any]) -> list[Any]:
    """One standing row in the words of the form."""
    found = []
    for one in kind.declared:
        held = value(one)
        found.append(held if held is None else shown.get(one.name, _plain)(held))
    return found


def _plain(value: Any) -> Any:
    return value


def _projects(application: Application) -> dict[str, str]:
    """code → 「code　name」 of the application's initiatives."""
    items = application.items.select_related("project").order_by("order")
    return {item.project.code: f"{item.project.code}　{item.project.name}" for item in items}


def _members(application: Application) -> dict[str, str]:
    """code → 「code　name」 of those who take part."""
    parts = application.parts.select_related("municipality").order_by("municipality")
    return {part.municipality_id: f"{part.municipality_id}　{part.municipality.name}" for part in parts}


FORMS: Mapping[str, Callable[[Application], IO[bytes]]] = {"costs": cost_form, "kpi": kpi_form}
