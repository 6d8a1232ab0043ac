"""Chapter: how many initiatives each field had under each program, counted from the initiatives themselves."""

from __future__ import annotations

from collections import Counter

from common.fiscal_year import FiscalYear
from regions.models import Project
from subsidies.models import Program

from . import pictures
from .ground import AnnualGround
from .shape import Cell, Chapter, Head, Picture, Section, Table

NONE = "分野の登録なし"


def chapter(ground: AnnualGround) -> Chapter:
    """By main field and by every field; which program takes which field stands beside it."""
    programs = [program for program in ground.programs if ground.support_of(program.pk)]
    return Chapter(
        key="fields",
        title="分野別の取組数",
        said=(
            "支援を受けた取組を、登録された主な分野で数えた。一つの取組は、主な分野では一度だけ数える。"
            "出典とした報告の表2・表3には取組ごとの分野の記載がないため、登録のない取組は「分野の登録なし」とした。",
        ),
        sections=(_main(ground, programs), _this_year(ground)),
    )


def _main(ground: AnnualGround, programs: list[Program]) -> Section:
    held = {program.pk: list(ground.projects_of(program.pk).values()) for program in programs}
    main = {code: Counter(_main_field(project) for project in rows) for code, rows in held.items()}
    every = {code: Counter(name for project in rows for name in _fields(project)) for code, rows in held.items()}
    rows: list[tuple[Cell, ...]] = []
    for name in [*(field.name for field in ground.fields), NONE]:
        cells: list[Cell] = []
        for program in programs:
            taken = name in ground.rules[program.pk].fields
            cells += ["－" if name == NONE else "対象" if taken else "対象外", main[program.pk][name]]
            cells.append(every[program.pk][name])
        if any(isinstance(cell, int) and cell for cell in cells) or any(cell == "対象" for cell in cells):
            rows.append((name, *cells))
    total: tuple[Cell, ...] = ("計",)
    for program in programs:
        total += ("", len(held[program.pk]), sum(every[program.pk].values()))
    told = [
        (field.name, sum(main[program.pk][field.name] for program in programs))
        for field in ground.fields
        if any(main[program.pk][field.name] for program in programs)
    ]
    svg = pictures.bars(told, label="主な分野別の取組数。数値は表にある", unit="件")
    known, whole = sum(count for _, count in told), sum(len(rows) for rows in held.values())
    message = f"支援を受けた取組{whole}件のうち、{known}件に分野が登録されている"
    return Section(
        title="制度別・分野別",
        said=() if svg else (f"{message}。",),
        picture=Picture(message, svg) if svg else None,
        tables=(
            Table(
                key="分野別の取組数",
                title=f"制度別・分野別の取組数（{ground.year.wareki}まで）",
                heads=(
                    Head("分野", look="mid"),
                    *(
                        head
                        for program in programs
                        for head in (
                            Head(program.short_name, "対象", look="nw"),
                            Head(program.short_name, "主な分野・件", num=True),
                            Head(program.short_name, "すべての分野・件", num=True),
                        )
                    ),
                ),
                rows=tuple(rows),
                total=total if programs else (),
                notes=(
                    "「すべての分野」は、主な分野のほかに登録された分野も数えるため、計は取組の数を超えることがある。",
                ),
            ),
        ),
    )


def _this_year(ground: AnnualGround) -> Section:
    rows: list[tuple[Cell, ...]] = []
    for row in (one for one in ground.support if one.fiscal_year == ground.year):
        name = ground.name_in(row.region_id, row.fiscal_year, row.region.name)
        rows += [
            (row.program.short_name, name, project.name, _main_field(project), "、".join(_fields(project)))
            for project in row.projects.all()
        ]
    return Section(
        title=f"{ground.year.wareki}の取組",
        tables=(
            Table(
                key="この年度の取組",
                title=f"{FiscalYear(ground.year).wareki}に支援を受けた取組と分野",
                heads=(
                    Head("制度", look="mid"),
                    Head("連携地域", look="mid"),
                    Head("取組", look="wide"),
                    Head("主な分野"),
                    Head("分野"),
                ),
                rows=tuple(rows),
                groups=2,
                empty="この年度に支援を受けた取組の記録はない。",
            ),
        ),
    )


def _main_field(project: Project) -> str:
    return project.main_field.name if project.main_field else NONE


def _fields(project: Project) -> list[str]:
    """Every field of an initiative, the main one first."""
    names = dict.fromkeys([*([project.main_field.name] if project.main_field else [])])
    names |= dict.fromkeys(field.name for field in project.fields.all())
    return list(names) or [NONE]
