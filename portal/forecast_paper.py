"""地域の未来予測 (D-33): what the page and the paper say of any municipalities, from `municipalities` and `regions`.

One set of plain data serves both: the page draws it, the paper prints it, publication freezes it. Figures stand in it
as they are shown, charts as SVG, so that a published forecast reads years later as it did on its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from common import clock
from common.documents import Head, freeze
from common.fiscal_year import wareki
from municipalities import maps
from municipalities.outlook import Outlook, Reading, outlook, read
from municipalities.outlook_charts import groups_chart, places_chart, totals_chart
from municipalities.paper_blocks import Fact, PeopleBlock, people_block, place_map
from municipalities.population import TARGET_YEAR, Population, change_text
from municipalities.population_chart import PARTS, show
from municipalities.service_outlook import FieldOutlook, MeasureLine, service_outlook, some
from municipalities.service_outlook import show as figure
from regions.models import FutureForecast

MOST_NAMES = 6  # so many names stand in a title
MOST_COLUMNS = 12  # so many municipalities stand beside one another in a table
TITLE = "地域の未来予測"


@dataclass(frozen=True)
class PlaceRow:
    """People of one municipality or place by the chosen edition: base year and target year."""

    name: str
    code: str
    base: int | None
    target: int | None
    change: str
    old_base: str
    old_target: str
    supporters_base: str
    supporters_target: str
    reason: str = ""
    towns: int = 1


@dataclass(frozen=True)
class EditionBlock:
    """One series by itself, the census too (without base year)."""

    name: str
    base_year: int | None
    base: int | None
    target: int | None
    change: str
    years: tuple[int, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    reason: str


@dataclass(frozen=True)
class MeasureRow:
    """One measure as texts; `towns` as many as `town_names` of the paper, empty where they are too many."""

    name: str
    unit: str
    years: str
    now: str
    ahead: str
    places: tuple[str, ...]
    towns: tuple[str, ...]
    meaning: str
    reason: str


@dataclass(frozen=True)
class FieldBlock:
    """One field of services: the issues of the report, the measures, what to talk about."""

    code: str
    name: str
    issues: tuple[str, ...]
    question: str
    source: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class IssueRow:
    """One priority issue that the owners wrote."""

    number: int
    field: str
    issue: str
    next_step: str


@dataclass(frozen=True)
class Written:
    """What people wrote beside the figures; empty for a forecast nobody stored."""

    title: str = ""
    edition: str = ""
    owners: tuple[str, ...] = ()
    remarks: str = ""
    issues: tuple[IssueRow, ...] = ()


@dataclass(frozen=True)
class ForecastPaper:
    """D-33."""

    head: Head
    written: Written
    names: tuple[str, ...]
    series: str
    base_year: int
    target_year: int
    facts: tuple[Fact, ...]
    members: tuple[PlaceRow, ...]
    together: PlaceRow
    map_svg: str
    people: PeopleBlock
    editions: tuple[EditionBlock, ...]
    editions_svg: str
    groups_svg: str
    places: tuple[PlaceRow, ...]
    places_svg: str
    fields: tuple[FieldBlock, ...]
    place_names: tuple[str, ...]
    town_names: tuple[str, ...]
    missing: tuple[str, ...]
    credits: tuple[str, ...]


def forecast_paper(
    codes: Sequence[str], series: str, on: date, *, written: Written | None = None, name: str = ""
) -> dict[str, Any]:
    """Return the data of D-33 for these municipalities by one edition, computed now; a constant number of queries.

    `name` says whose people the sentences speak of (根室連携地域), the municipalities themselves without it.
    Raises UnknownMunicipality and UnknownSeries with a Japanese sentence.
    """
    found = outlook(codes, series, on=on)
    services = service_outlook(found)
    names = tuple(found.names.values())
    told = name or title_names(names)
    people = show(found.census, found.projected, told, uid="forecast", first_year=found.years[0])
    base_year = found.series.base_year or 0
    together = _row(told, found.places[0].reading, towns=len(names))
    words = written or Written()
    paper = ForecastPaper(
        head=Head(
            title=words.title or f"{TITLE}（{told}、{wareki(on)}作成）",
            heading=(words.title or told,),
            issued_on=on,
            sender=words.owners,
            numbered=False,
        ),
        written=words,
        names=names,
        series=found.series.name,
        base_year=base_year,
        target_year=TARGET_YEAR,
        facts=_facts(together, found),
        members=tuple(_member(found, code) for code in found.names),
        together=together,
        map_svg=place_map(list(found.names), f"対象の市町村の位置。{some(list(names))}", uid="forecast-map"),
        people=people_block(people),
        editions=(_census(found.census), *(_edition(one) for one in found.editions)),
        editions_svg=str(totals_chart(found, told) or ""),
        groups_svg=str(groups_chart(found, told) or ""),
        places=tuple(_row(place.name, place.reading, towns=len(place.codes)) for place in found.places),
        places_svg=str(places_chart(found) or ""),
        fields=tuple(_field(field, len(names)) for field in services.fields),
        place_names=tuple(place.name for place in found.compared[1:]),
        town_names=names if len(names) <= MOST_COLUMNS else (),
        missing=_missing(found),
        credits=(*people.credits, *(source.credit for source in services.sources), maps.CREDIT),
    )
    return freeze(paper)


def paper_of(forecast: FutureForecast) -> dict[str, Any]:
    """The data of a stored forecast with today's figures and the owners' words."""
    towns = forecast.towns.order_by("code").values_list("pk", flat=True)
    ordered = [forecast.lead_id, *(code for code in towns if code != forecast.lead_id)]
    return forecast_paper(ordered, forecast.series_id, clock.today(), written=written_of(forecast))


def written_of(forecast: FutureForecast) -> Written:
    """What the owners wrote (2 queries)."""
    return Written(
        title=forecast.title,
        edition=f"第{forecast.edition}版",
        owners=tuple(row.municipality.name for row in forecast.owners.select_related("municipality")),
        remarks=forecast.remarks,
        issues=tuple(
            IssueRow(row.number, row.field.name if row.field else "－", row.issue, row.next_step)
            for row in forecast.issues.select_related("field")
        ),
    )


def title_names(names: Sequence[str]) -> str:
    """根室市・別海町, or 根室市ほか5市町村 where they are many."""
    return "・".join(names) if len(names) <= MOST_NAMES else f"{names[0]}ほか{len(names) - 1}市町村"


def _facts(together: PlaceRow, found: Outlook) -> tuple[Fact, ...]:
    base = found.series.base_year
    return (
        Fact("対象", f"{together.towns}", "市町村"),
        Fact(f"人口 {base}年", _count(together.base), "人"),
        Fact(f"{TARGET_YEAR}年の推計", _count(together.target), "人", f"{together.change}％"),
        Fact(f"65歳以上 {base}→{TARGET_YEAR}年", f"{together.old_base}→{together.old_target}", "％"),
        Fact(
            f"65歳以上1人に15–64歳 {base}→{TARGET_YEAR}年",
            f"{together.supporters_base}→{together.supporters_target}",
            "人",
        ),
    )


def _count(count: int | None) -> str:
    return "－" if count is None else f"{count:,}"


def _member(found: Outlook, code: str) -> PlaceRow:
    reading = read(found.projected, code)
    reason = "" if reading.decline is not None else found.projected.reason(code)
    return _row(found.names[code], reading, code=code, reason=reason)


def _row(name: str, reading: Reading, *, code: str = "", reason: str = "", towns: int = 1) -> PlaceRow:
    old_base, old_target = (None if share is None else share * 100 for share in reading.old_shares)
    base, target = reading.supporters
    return PlaceRow(
        name=name,
        code=code,
        base=reading.base.total,
        target=reading.target.total,
        change=change_text(reading.decline),
        old_base=figure(old_base, 1),
        old_target=figure(old_target, 1),
        supporters_base=figure(base, 2),
        supporters_target=figure(target, 2),
        reason=reason,
        towns=towns,
    )


GROUP_ROWS = {"総数": "total", PARTS[2]: "age_0_14", PARTS[1]: "age_15_64", PARTS[0]: "age_65_over"}


def _edition(one: Population) -> EditionBlock:
    reading = read(one)
    years = tuple(year for year in one.years if one.at(year).total is not None) or one.years
    return EditionBlock(
        name=one.series.name,
        base_year=one.series.base_year,
        base=reading.base.total,
        target=reading.target.total,
        change=change_text(reading.decline),
        years=years,
        rows=_rows(one, years),
        reason=_brief(one),
    )


def _census(one: Population) -> EditionBlock:
    return EditionBlock(one.series.name, None, None, None, "", one.years, _rows(one, one.years), _brief(one))


def _rows(one: Population, years: Sequence[int]) -> tuple[tuple[str, tuple[int | None, ...]], ...]:
    return tuple((label, tuple(getattr(one.at(year), name) for year in years)) for label, name in GROUP_ROWS.items())


def _brief(one: Population) -> str:
    """Why values of a series are missing: which municipalities it does not have, which age groups."""
    without = [one.names[code] for code, rows in one.members.items() if not rows]
    if without:
        return f"{one.series.name}に{some(without)}の値は登録されていません。"
    partly = list(dict.fromkeys(one.names[gap.code] for gap in one.missing))
    if not partly:
        return ""
    return f"{one.series.name}では、{some(partly)}の一部の年または年齢区分の値が登録されていません。"


def _field(found: FieldOutlook, towns: int) -> FieldBlock:
    return FieldBlock(
        code=found.field.code,
        name=found.field.name,
        issues=tuple(found.field.issues),
        question=found.field.question,
        source=found.field.source,
        rows=tuple(_measure(line, towns) for line in found.lines),
    )


def _measure(line: MeasureLine, towns: int) -> MeasureRow:
    measure, digits = line.measure, line.measure.digits
    now = figure(line.now, digits)
    if measure.kind == measure.Kind.EACH and line.low is not None:
        low, high = figure(line.low, digits), figure(line.high, digits)
        now = low if low == high else f"{low}～{high}"
    return MeasureRow(
        name=measure.name,
        unit=measure.unit,
        years="・".join(str(year) for year in line.years),
        now=now,
        ahead=figure(line.ahead, digits) if measure.ahead else "",
        places=tuple(figure(value, digits) for value in line.places),
        towns=tuple(figure(value, digits) for value in line.towns) if towns <= MOST_COLUMNS else (),
        meaning=measure.meaning,
        reason=line.reason,
    )


def _missing(found: Outlook) -> tuple[str, ...]:
    return tuple(reason for one in (found.census, *found.editions) if (reason := _brief(one)))
