"""The last chapters: members and papers of every region, and how the numbers were made."""

from __future__ import annotations

from fractions import Fraction

from common.fiscal_year import FiscalYear, wareki
from municipalities.models import PopulationFigure, PopulationSeries
from municipalities.population import percent
from regions.karte import BASE_YEAR, CENSUS, PROJECTION, TARGET_YEAR
from regions.models import Agreement, Vision
from regions.models.region import Basis
from regions.scheme_status import scheme_statuses

from ..load import SOURCE
from .ground import ASSUMED, AnnualGround
from .shape import Cell, Chapter, Head, Section, Table


def members(ground: AnnualGround) -> Chapter:
    """Every supported region with its members and their people, and with its agreements and visions."""
    return Chapter(
        key="members",
        title="資料　連携地域の構成市町村と文書",
        said=(
            f"支援を受けた連携地域の構成市町村を、{ground.year.wareki}末（制度が終わった地域は最後の支援年度末）で示す。",
        ),
        sections=(_towns(ground), _papers(ground)),
    )


def _towns(ground: AnnualGround) -> Section:
    last: dict[str, tuple[int, str]] = {}
    for row in ground.support:
        if row.fiscal_year > last.get(row.region_id, (0, ""))[0]:
            last[row.region_id] = (row.fiscal_year, row.region.name)
    held = [
        (region, ground.name_in(region, year, name), member)
        for region, (year, name) in sorted(last.items())
        for member in ground.members_in(region, year)
    ]
    codes = sorted({member.municipality_id for _, _, member in held})
    people = _people(codes)
    statuses = scheme_statuses(codes, ground.on)
    rows: list[tuple[Cell, ...]] = []
    for region, name, member in held:
        base, target = people.get((member.municipality_id, True)), people.get((member.municipality_id, False))
        rows.append(
            (
                region,
                name,
                member.municipality.code,
                member.municipality.name,
                FiscalYear.of(member.joined_on).short + ("" if member.basis == Basis.SOURCED else f"（{ASSUMED}）"),
                statuses[member.municipality_id].scheme.label,
                base,
                target,
                _change(base, target),
            )
        )
    named = dict(PopulationSeries.objects.filter(code__in=(CENSUS, PROJECTION)).values_list("code", "name"))
    return Section(
        title="構成市町村と人口",
        tables=(
            Table(
                key="構成市町村",
                title="連携地域別の構成市町村、国の制度との関係、人口",
                heads=(
                    Head("地域コード", look="nw"),
                    Head("連携地域", look="mid"),
                    Head("団体コード", look="nw"),
                    Head("市町村", look="nw"),
                    Head("加入", look="nw"),
                    Head("国の制度", look="nw"),
                    Head(f"人口 {BASE_YEAR}年", "人", num=True),
                    Head(f"推計 {TARGET_YEAR}年", "人", num=True),
                    Head("増減率", "％", num=True),
                ),
                rows=tuple(rows),
                groups=2,
                look="small",
                notes=(f"出典：{'、'.join(named.values())}。国の制度との関係は{wareki(ground.on)}現在。",),
            ),
        ),
    )


def _people(codes: list[str]) -> dict[tuple[str, bool], int]:
    """(municipality, whether counted or projected) → people of the base year and of the target year."""
    rows = PopulationFigure.objects.filter(municipality__in=codes, total__isnull=False)
    wanted = rows.filter(series=CENSUS, year=BASE_YEAR) | rows.filter(series=PROJECTION, year=TARGET_YEAR)
    found = wanted.values_list("municipality", "series", "total")
    return {(code, series == CENSUS): total for code, series, total in found if total is not None}


def _change(base: int | None, target: int | None) -> str | None:
    if not base or target is None:
        return None
    change = Fraction(target - base, base)
    text = percent(abs(change), 1)
    return f"-{text}" if change < 0 else text


def _papers(ground: AnnualGround) -> Section:
    regions = {row.region_id for row in ground.support}
    agreements = Agreement.objects.visible_to(ground.viewer).filter(
        region__in=regions, in_force_on__isnull=False, in_force_on__lte=ground.on
    )
    visions = Vision.objects.visible_to(ground.viewer).filter(
        region__in=regions, adopted_on__isnull=False, adopted_on__lte=ground.on
    )
    rows: list[tuple[Cell, ...]] = [
        (row.region.name, "協定", row.title, row.version, row.in_force_on.isoformat() if row.in_force_on else None)
        for row in agreements.select_related("region").order_by("region", "version")
    ]
    rows += [
        (row.region.name, "ビジョン", row.title, row.version, row.adopted_on.isoformat() if row.adopted_on else None)
        for row in visions.select_related("region").order_by("region", "version")
    ]
    return Section(
        title="地域連携協定とビジョン",
        tables=(
            Table(
                key="協定とビジョン",
                title="登録された協定とビジョン",
                heads=(
                    Head("連携地域", look="mid"),
                    Head("種類", look="nw"),
                    Head("題名", look="wide"),
                    Head("版", num=True),
                    Head("期日", look="nw"),
                ),
                rows=tuple(sorted(rows, key=lambda row: str(row[0]))),
                groups=1,
                empty="登録された協定とビジョンはない。",
            ),
        ),
    )


def notes(ground: AnnualGround) -> Chapter:
    """How the report was made: sources, marks, what is assumed, how years are counted."""
    sources = sorted({row.source for row in ground.support if row.source})
    assumed: list[tuple[Cell, ...]] = [
        (row.program.short_name, row.region.name, FiscalYear(row.fiscal_year).wareki, "支援の年度", row.source)
        for row in ground.support
        if row.basis == row.Basis.INFERRED
    ]
    done: set[str] = set()
    for row in ground.support:
        if row.region_id not in done and ground.members_assumed(row.region_id, row.fiscal_year):
            done.add(row.region_id)
            assumed.append(
                (row.program.short_name, row.region.name, FiscalYear(row.fiscal_year).wareki, "構成市町村", row.source)
            )
    return Chapter(
        key="notes",
        title="出典と注記",
        said=(
            f"この報告書は、{wareki(ground.on)}現在の登録に基づいて作成した。金額は円、ただし書きのあるものは千円（千円未満切捨て）。",
            "年度は4月1日から翌年3月31日までで、西暦は年度の始まる年を示す。「－」は値がないこと、空欄は該当がないことを示す。",
            f"「{ASSUMED}」は、出典に記載がなく、他の記載から導いたものである。",
        ),
        sections=(
            Section(
                title="出典",
                said=tuple(dict.fromkeys((*sources, f"全道の指標：{SOURCE}"))),
            ),
            Section(
                title="推定したもの",
                tables=(
                    Table(
                        key="推定したもの",
                        title="推定した年度と構成市町村",
                        heads=(
                            Head("制度", look="mid"),
                            Head("連携地域", look="mid"),
                            Head("年度", look="nw"),
                            Head("推定したもの", look="nw"),
                            Head("出典", look="wide"),
                        ),
                        rows=tuple(assumed),
                        groups=2,
                        look="small",
                    ),
                ),
            ),
        ),
    )
