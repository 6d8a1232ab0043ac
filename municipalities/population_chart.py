"""People of a municipality or of several together: one sentence, the chart, its table and its sources.

Years up to the base year of the projection come from the census, later ones from that one edition; they stand side by
side and are never computed with one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString

from common.charts import Stack, YearBar, stacked_years

from .population import TARGET_YEAR, Figure, Population, percent, populations
from .year_lines import FRAME, SOLID, Frame, YearLine, year_lines

FIRST_YEAR = 2000
ROWS = {
    "総数": "total",
    "0–14歳": "age_0_14",
    "15–64歳": "age_15_64",
    "65歳以上": "age_65_over",
    "年齢不詳": "age_unknown",
}
PARTS = ("65歳以上", "15–64歳", "0–14歳")
EDITION_COLOURS = {"census": "#1a1a1a", "ipss_h25": "#a35200", "ipss_h30": "#0066be", "ipss_r5": "#00428c"}


@dataclass(frozen=True)
class Column:
    """One year of the table."""

    year: int
    kind: str  # 実績 or 推計
    figure: Figure

    @property
    def projected(self) -> bool:
        return self.kind == "推計"


@dataclass(frozen=True)
class People:
    """Everything a page or a paper shows about the people of a place."""

    name: str
    message: str
    svg: SafeString
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    credits: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def span(self) -> str:
        return f"{self.columns[0].year}–{self.columns[-1].year}年" if self.columns else ""


def people_of(codes: Sequence[str], name: str, series: str, *, width: int = 1093, uid: str = "people") -> People:
    """Read census and one projection of these municipalities together and draw them (4 queries)."""
    found = populations(codes, ["census", series])
    return show(found["census"], found[series], name, width=width, uid=uid)


def show(
    actual: Population,
    projected: Population,
    name: str,
    *,
    width: int = 1093,
    uid: str = "people",
    first_year: int = FIRST_YEAR,
) -> People:
    """Draw what was read already: `actual` from the census, `projected` from one edition."""
    base = projected.series.base_year or 0
    columns = (
        *(Column(year, "実績", actual.at(year)) for year in actual.years if first_year <= year <= base),
        *(Column(year, "推計", projected.at(year)) for year in projected.years if year > base),
    )
    message = _message(projected)
    stack = Stack(
        bars=tuple(_bar(column, base) for column in columns),
        part_names=PARTS,
        actual_title="実績（国勢調査）",
        projected_title=f"推計（{projected.series.name}）",
        note_title="65歳以上の割合",
        width=width,
    )
    rows = ((title, tuple(getattr(column.figure, field) for column in columns)) for title, field in ROWS.items())
    return People(
        name,
        message,
        stacked_years(stack, label=_label(name, columns), uid=uid),
        columns,
        tuple((title, values) for title, values in rows if any(value is not None for value in values)),
        (actual.series.source.credit, projected.series.source.credit),
        tuple(dict.fromkeys(gap.reason for gap in (*actual.missing, *projected.missing))),
    )


def editions_chart(
    name: str,
    editions: Sequence[Population],
    *,
    frame: Frame = FRAME,
) -> SafeString | None:
    """Compare the totals of all editions as lines from their own base years; None where no edition has any value."""
    lines = edition_lines(editions, "total")
    if not any(line.key != "census" and line.known for line in lines):
        return None
    told = "、".join(line.name for line in lines if line.known)
    return year_lines(lines, label=f"{name}の総人口を{told}で比べた折れ線。数値は版ごとの表にある", frame=frame)


def edition_lines(editions: Sequence[Population], group: str) -> list[YearLine]:
    """One line for each series with the people of a group (`total`, `65+`); series are never joined."""
    return [
        YearLine(
            edition.series.code,
            edition.series.name,
            EDITION_COLOURS.get(edition.series.code, "#767676"),
            tuple((year, edition.at(year).group(group)) for year in edition.years),
            _dash(edition.series.code),
        )
        for edition in editions
    ]


def _dash(code: str) -> tuple[int, ...]:
    return {"ipss_h25": (2, 3), "ipss_h30": (6, 3)}.get(code, SOLID)


def _bar(column: Column, base: int) -> YearBar:
    figure, share = column.figure, column.figure.old_share
    return YearBar(
        column.year,
        (figure.age_65_over, figure.age_15_64, figure.age_0_14),
        figure.total,
        column.projected,
        note="" if share is None else f"{percent(share, 1)}％",
        strong=column.year in (base, TARGET_YEAR),
    )


def _message(projected: Population) -> str:
    """One sentence: how many in 2040 and how many of ten are old. Says so where it is not known."""
    target, base = projected.at(TARGET_YEAR), projected.at(projected.series.base_year or 0)
    if target.total is None or base.total is None:
        return f"{projected.series.name}に{TARGET_YEAR}年の値がないため、見通しは示せません"
    change = Fraction(target.total - base.total, base.total) if base.total else Fraction(0)
    verb = "ほぼ変わらず" if abs(change) < Fraction(1, 100) else "減り" if change < 0 else "増え"
    share = target.old_share
    old = "" if share is None else f"、10人に{int(share * 10 + Fraction(1, 2))}人が65歳以上になる"
    return (
        f"{TARGET_YEAR}年には{_rough(target.total)}に{verb}{old}見通し"
        if old or verb != "ほぼ変わらず"
        else (f"{TARGET_YEAR}年には{_rough(target.total)}でほぼ変わらない見通し")
    )


def _rough(people: int) -> str:
    """5.3万人, 2,814人."""
    return f"{percent(Fraction(people, 1_000_000), 1)}万人" if people >= 10_000 else f"{people:,}人"


def _label(name: str, columns: Sequence[Column]) -> str:
    known = [column for column in columns if column.figure.total is not None]
    points = [column for column in known if column.year % 20 == 0 or column is known[-1]]
    told = "、".join(f"{column.year}年の{column.kind}{column.figure.total:,}人" for column in points)
    return f"{name}の年齢3区分別人口。{told}" if told else f"{name}の人口。値は登録されていません"
