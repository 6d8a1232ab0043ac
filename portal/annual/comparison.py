"""Chapter: the programs side by side (table 4 of the report of March 2024), read from their published rules."""

from __future__ import annotations

from common.fiscal_year import FiscalYear
from subsidies.models import Program
from subsidies.rules.ruleset import RuleSet, Stage

from .ground import AnnualGround
from .regions_years import totals
from .shape import Cell, Chapter, Head, Section, Table

SETTINGS = (
    ("支援の年数", "max_years"),
    ("新規採択の最終年度", "last_adoption_fy"),
    ("上限額の単位", "cap_basis"),
    ("上限額", "cap_yen"),
    ("補助率（支援年次順）", "rate_by_year"),
    ("国の制度の活用が困難な市町村の割合", "blank_share"),
    ("2040年の人口減少率", "decline_threshold"),
    ("地域連携協定", "agreement"),
    ("地域連携ビジョン", "vision"),
    ("広域連携前進プラン", "forward_plan"),
    ("検討会議", "conference"),
    ("成果指標（KPI）", "kpi"),
    ("自走化の見通し", "self_running_plan"),
    ("ハード事業", "hard_cost"),
    ("交付の決定者", "decision_authority"),
)
NOT_SET = "定めなし"


def chapter(ground: AnnualGround) -> Chapter:
    """What each program asked and gave, and what came of it; every rule with its source."""
    programs = [program for program in ground.programs if program.pk in ground.rules]
    return Chapter(
        key="programs",
        title="制度の比較",
        said=("制度の内容は、公開したルール（制度とルール）から書き出したもので、申請の判定に使うものと同じである。",),
        sections=(
            Section(title="内容の比較", tables=(_compared(ground, programs),)),
            Section(title="対象地域の要件", tables=(_requirements(ground, programs),)),
            Section(title="定めと出典", tables=(_sources(ground, programs),)),
        ),
    )


def _compared(ground: AnnualGround, programs: list[Program]) -> Table:
    rules = [ground.rules[program.pk] for program in programs]
    rows: list[tuple[Cell, ...]] = [
        ("正式名称", *(program.name for program in programs)),
        ("交付金", *(program.umbrella or NOT_SET for program in programs)),
        ("実施年度", *(_term(one) for one in rules)),
        ("目的", *(program.purpose for program in programs)),
        *((label, *(_shown(one, name) for one in rules)) for label, name in SETTINGS),
        ("対象分野", *(f"{len(one.fields)}分野（{'、'.join(one.fields)}）" for one in rules)),
        ("実績", *(_result(ground, program) for program in programs)),
    ]
    return Table(
        key="制度の比較",
        title="支援制度の比較",
        heads=(Head("項目", look="mid"), *(Head(program.short_name) for program in programs)),
        rows=tuple(rows),
        look="words",
        notes=tuple(
            f"「{program.short_name}」はデモ用の例で、実際の制度ではない。"
            for program in programs
            if program.demonstration
        ),
    )


def _term(rules: RuleSet) -> str:
    first, last = FiscalYear(int(rules.value("fy_from"))), FiscalYear(int(rules.value("fy_to")))
    return f"{first.wareki}から{last.wareki}まで（{int(first)}–{int(last)}）"


def _shown(rules: RuleSet, name: str) -> str:
    return rules.settings[name].shown if name in rules.settings else NOT_SET


def _result(ground: AnnualGround, program: Program) -> str:
    regions, towns = totals(ground, program.pk)
    return f"{regions}地域・{towns}市町村（{ground.year.wareki}末）" if regions else "実績なし"


def _requirements(ground: AnnualGround, programs: list[Program]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (program.short_name, row.id, row.title, row.wording, row.source)
        for program in programs
        for row in ground.rules[program.pk].walk()
        if row.stage == Stage.REGION and row.enabled and row.wording
    ]
    return Table(
        key="対象地域の要件",
        title="対象地域の要件（地域の段階で判定するもの）",
        heads=(
            Head("制度", look="mid"),
            Head("番号", look="nw"),
            Head("要件", look="mid"),
            Head("内容", look="wide"),
            Head("出典"),
        ),
        rows=tuple(rows),
        groups=1,
    )


def _sources(ground: AnnualGround, programs: list[Program]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for program in programs:
        settings = ground.rules[program.pk].settings
        rows += [
            (program.short_name, label, settings[name].shown, settings[name].source, settings[name].note)
            for label, name in SETTINGS
            if name in settings
        ]
    return Table(
        key="定めと出典",
        title="制度ごとの定めと出典",
        heads=(Head("制度", look="mid"), Head("項目"), Head("定め", look="mid"), Head("出典"), Head("備考")),
        rows=tuple(rows),
        groups=1,
    )
