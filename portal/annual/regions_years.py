"""Chapter: which region was supported by which program in which year (tables 2 and 3 of the report of March 2024)."""

from __future__ import annotations

from collections.abc import Iterable

from common.fiscal_year import FiscalYear
from regions.models import Project
from subsidies.models import Program, SupportYear
from subsidies.replay import name_in

from . import pictures
from .ground import ASSUMED, AnnualGround, short_years
from .shape import Cell, Chapter, Head, Picture, Section, Table

SUPPORTED = "●"
GUESSED = "△"
KEY = f"{SUPPORTED}　支援を受けた年度　　{GUESSED}　支援を受けたと推定する年度"


def chapter(ground: AnnualGround) -> Chapter:
    """Every program that ran, with its regions, members, initiatives and years; then all of them by year."""
    programs = [program for program in ground.programs if ground.support_of(program.pk)]
    return Chapter(
        key="regions",
        title="連携地域と支援の年度",
        said=(
            "制度ごとに、支援を受けた連携地域、構成市町村、取組と支援の年度を示す。"
            "市町村数は、各年度末に構成市町村であったものを、制度ごとに重複なく数えた。",
        ),
        sections=(_years(ground, programs), *(_program(ground, program) for program in programs)),
    )


def _years(ground: AnnualGround, programs: list[Program]) -> Section:
    years = sorted({row.fiscal_year for row in ground.support})
    series = []
    rows: list[tuple[Cell, ...]] = []
    for program in programs:
        held = counted(ground, program.pk)
        series.append((program.short_name, [held[year][2] if year in held else 0 for year in years]))
        for year, (assumed, started, regions, towns) in held.items():
            mark = ASSUMED if assumed else ""
            rows.append((program.name, FiscalYear(year).wareki, year, started, regions, towns, mark))
    label = "年度ごとの支援地域数。" + "、".join(name for name, _ in series)
    svg = pictures.stacked([FiscalYear(year).short for year in years], series, label=label) if years else ""
    message = _years_message(ground, programs)
    return Section(
        title="年度別の地域数と市町村数",
        picture=Picture(message, svg) if svg else None,
        tables=(
            Table(
                key="年度別の地域数",
                title="制度・年度別の支援地域数と構成市町村数",
                heads=(
                    Head("制度"),
                    Head("年度", look="nw"),
                    Head("西暦", num=True, look="plain"),
                    Head("新たに始めた地域", "地域", num=True),
                    Head("支援を受けた地域", "地域", num=True),
                    Head("構成市町村", "市町村", num=True),
                    Head("備考", look="nw"),
                ),
                rows=tuple(rows),
                groups=1,
                notes=("推定は、資料に支援期間の記載がなく、制度の上限年数まで支援を受けたとみなした年度を含むもの。",)
                if any(row[-1] for row in rows)
                else (),
            ),
        ),
    )


def _years_message(ground: AnnualGround, programs: list[Program]) -> str:
    now = [row for row in ground.support if row.fiscal_year == ground.year]
    if not now:
        return f"{ground.year.wareki}に支援を受けた連携地域はない"
    towns = {member.municipality_id for row in now for member in ground.members_in(row.region_id, ground.year)}
    names = "・".join(program.short_name for program in programs if program.pk in {row.program_id for row in now})
    return f"{ground.year.wareki}は{len(now)}地域・{len(towns)}市町村が支援を受けた（{names}）"


def counted(ground: AnnualGround, program: str) -> dict[int, tuple[bool, int, int, int]]:
    """Fiscal year → whether assumed, regions that started, regions supported, their municipalities."""
    rows = ground.support_of(program)
    first: dict[str, int] = {}
    for row in rows:
        first[row.region_id] = min(first.get(row.region_id, row.fiscal_year), row.fiscal_year)
    found = {}
    for year in sorted({row.fiscal_year for row in rows}):
        held = [row for row in rows if row.fiscal_year == year]
        assumed = any(row.basis == SupportYear.Basis.INFERRED for row in held)
        started = sum(1 for start in first.values() if start == year)
        found[year] = (assumed, started, len(held), len(_towns(ground, held)))
    return found


def totals(ground: AnnualGround, program: str) -> tuple[int, int]:
    """How many regions and municipalities a program ever supported up to the year."""
    rows = ground.support_of(program)
    return len({row.region_id for row in rows}), len(_towns(ground, rows))


def _towns(ground: AnnualGround, rows: Iterable[SupportYear]) -> set[str]:
    return {member.municipality_id for row in rows for member in ground.members_in(row.region_id, row.fiscal_year)}


def _program(ground: AnnualGround, program: Program) -> Section:
    rows = ground.support_of(program.pk)
    by_region: dict[str, list[SupportYear]] = {}
    for row in rows:
        by_region.setdefault(row.region_id, []).append(row)
    regions, towns = totals(ground, program.pk)
    return Section(
        title=program.name,
        said=(f"{ground.year.wareki}までに{regions}地域・{towns}市町村が取り組んだ。",),
        tables=(_members(ground, program, by_region, (regions, towns)), _projects(ground, program, by_region)),
    )


def _members(
    ground: AnnualGround, program: Program, by_region: dict[str, list[SupportYear]], total: tuple[int, int]
) -> Table:
    """Table 2: start, region, members, initiatives."""
    lines: list[tuple[Cell, ...]] = []
    assumed = False
    order = sorted(by_region.values(), key=lambda rows: (rows[0].fiscal_year, rows[0].region_id))
    for rows in order:
        last, region = rows[-1], rows[-1].region
        members = ground.members_in(region.pk, last.fiscal_year)
        guessed = ground.members_assumed(region.pk, last.fiscal_year)
        assumed |= guessed
        lines.append(
            (
                FiscalYear(rows[0].fiscal_year).short,
                ground.name_in(region.pk, last.fiscal_year, region.name),
                "・".join(member.municipality.name for member in members) + (f"（{ASSUMED}）" if guessed else ""),
                len(members),
                "、".join(name for name, _ in _named(rows)) or "記録なし",
                short_years([row.fiscal_year for row in rows])
                + (f"（{ASSUMED}）" if any(row.basis == SupportYear.Basis.INFERRED for row in rows) else ""),
            )
        )
    return Table(
        key=f"{program.short_name}の地域",
        title=f"{program.short_name}：連携地域、構成市町村と取組",
        heads=(
            Head("開始", look="nw"),
            Head("連携地域", look="mid"),
            Head("構成市町村", look="wide"),
            Head("市町村数", num=True, look="narrow"),
            Head("取組", look="wide"),
            Head("支援の年度", look="nw"),
        ),
        rows=tuple(lines),
        total=("計", f"{total[0]}地域", f"{total[1]}市町村（重複を除く）", total[1], "", ""),
        notes=("構成市町村の推定は、資料に名の記載がなく、市町村数などから導いたもの。",) if assumed else (),
    )


def _named(rows: list[SupportYear]) -> list[tuple[str, Project]]:
    """The initiatives of a region's years, each once, under the name of its last year of support."""
    found: dict[int, tuple[str, Project]] = {}
    for row in rows:
        for project in row.projects.all():
            found[project.pk] = (name_in(project, row.fiscal_year), project)
    return sorted(found.values(), key=lambda pair: pair[1].code)


def _projects(ground: AnnualGround, program: Program, by_region: dict[str, list[SupportYear]]) -> Table:
    """Table 3: initiative by initiative, year by year."""
    rules = ground.rules[program.pk]
    first, last = int(rules.value("fy_from")), int(rules.value("fy_to"))
    shown = range(first, max(min(last, ground.year), max(r.fiscal_year for rs in by_region.values() for r in rs)) + 1)
    lines: list[tuple[Cell, ...]] = []
    for rows in sorted(by_region.values(), key=lambda held: (held[0].fiscal_year, held[0].region_id)):
        by_year = {row.fiscal_year: row for row in rows}
        name = ground.name_in(rows[-1].region_id, rows[-1].fiscal_year, rows[-1].region.name)
        named = _named(rows)
        lines += [
            (name, label, *(_cell(by_year.get(year), project) for year in shown)) for label, project in named
        ] or [(name, "取組の記録なし", *(_cell(by_year.get(year), None) for year in shown))]
    return Table(
        key=f"{program.short_name}の取組と年度",
        title=f"{program.short_name}：取組別の支援の年度",
        heads=(
            Head("連携地域", look="mid"),
            Head("取組", look="wide"),
            *(Head(FiscalYear(year).short, look="year") for year in shown),
        ),
        rows=tuple(lines),
        groups=1,
        look="years",
        notes=(KEY,),
    )


def _cell(row: SupportYear | None, project: Project | None) -> str:
    if row is None or (project is not None and project not in row.projects.all()):
        return ""
    return GUESSED if row.basis == SupportYear.Basis.INFERRED else SUPPORTED
