"""Sample visions (D-24), plain and hard. Names of places are real; texts and amounts are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from common.documents import Head
from municipalities.models import DataSource, PopulationSeries
from municipalities.paper_blocks import PeopleBlock, people_block
from municipalities.population import Figure, Population
from municipalities.population_chart import show
from regions.papers.vision import Initiative, KpiRow, MemberRow, RoleRow, VisionPaper

YEARS = tuple(range(2026, 2031))
TOWNS = (("長沼町", 10_289, 7_152, "▲30.5"), ("栗山町", 11_272, 7_503, "▲33.4"))


def _people() -> PeopleBlock:
    """The chart of invented people, drawn as for a region."""
    source = DataSource(code="sample", credit="総務省統計局「国勢調査」")
    towns = {"014281": "長沼町"}

    def series(code: str, base_year: int | None, years: range) -> Population:
        rows = {
            year: Figure(20_000 - (year - 2000) * 200, 2_000, 10_000 - (year - 2000) * 100, 8_000) for year in years
        }
        kept = PopulationSeries(code=code, name="令和5年推計", base_year=base_year, source=source)
        return Population(kept, tuple(years), towns, {"014281": rows})

    census, projected = series("census", None, range(2000, 2021, 5)), series("ipss_r5", 2020, range(2020, 2051, 5))
    return people_block(show(census, projected, "長沼・栗山連携地域"))


def initiative(number: int = 1) -> Initiative:
    """One initiative with everything."""
    return Initiative(
        number=number,
        name="議事録作成・文書検索への生成AIの共同導入",
        code=f"R7-06-{number:02}",
        fields=("デジタル", "人材の育成"),
        secretariat="長沼町",
        participants=("長沼町", "栗山町"),
        running="令和8年度から令和12年度まで",
        outline="議事録の作成と例規の検索に使う生成AIを共同で導入し、使い方の手引きを作る。",
        roles="事務局は1年ごとの輪番とする。",
        parts=(RoleRow("長沼町", "契約と会計"), RoleRow("栗山町", "研修の会場")),
        costs=(6_000_000, 5_400_000, None, 0, 1_234_000),
        total_yen=12_634_000,
        kpis=(
            KpiRow(
                "共同利用で減らした事務時間",
                "時間",
                "アウトカム",
                "0",
                "令和7年度",
                "6,000以上",
                "令和11年度",
                "記録の集計",
            ),
            KpiRow("転入者数－転出者数", "人", "アウトカム", "▲3,639", "令和7年度", "▲2,000", "令和11年度", ""),
        ),
        self_running="支援終了後は構成町の負担金で続ける。",
    )


def vision() -> VisionPaper:
    """A vision of two towns as it was adopted."""
    return VisionPaper(
        head=Head(
            title="長沼・栗山連携ビジョン",
            heading=("長沼・栗山連携ビジョン",),
            issued_on=date(2026, 10, 1),
            numbered=False,
        ),
        region="長沼・栗山連携地域",
        version=2,
        term="令和8年度から令和12年度まで",
        agreement="長沼・栗山連携地域における連携に関する協定（第1版）",
        lead="長沼町",
        member_word="市町村",
        members=tuple(MemberRow(name, "代表" if n == 0 else "", *rest) for n, (name, *rest) in enumerate(TOWNS)),
        together=MemberRow("地域全体", "", 21_561, 14_655, "▲32.0"),
        base_year=2020,
        target_year=2040,
        people=_people(),
        map_svg="",
        credits=("総務省統計局「国勢調査」",),
        future_image="人口が減っても、必要な行政サービスを互いに支え合って続けられる地域。",
        issues="職員の不足。\n広い面積での移動と防災。",
        aims="共同で行う事務を5つに増やす。",
        years=YEARS,
        initiatives=(initiative(1), replace(initiative(2), name="合同研修")),
        totals=(12_000_000, 10_800_000, 0, 0, 2_468_000),
        total_yen=25_268_000,
    )


def long_vision() -> VisionPaper:
    """Twenty members, long texts with rare characters, twenty initiatives over ten years, roles of each member."""
    plain, text = vision(), "髙﨑①㈱の例を踏まえ、専門的な知識を持つ職員の確保と育成に共同で取り組む。" * 40
    names = tuple(f"とても長い名前の市町村その{number}" for number in range(1, 21))
    one = replace(
        initiative(),
        name="非常に長い名称を持つ取組であり一行には収まらないため折り返して印字されるもの" * 2,
        outline=text,
        roles=text,
        participants=names,
        parts=tuple(RoleRow(name, "職員を参加させ、会場を輪番で提供する。" * 5) for name in names),
        costs=(9_999_999_999,) * 10,
        total_yen=99_999_999_990,
        kpis=initiative().kpis * 6,
    )
    return replace(
        plain,
        head=replace(plain.head, issued_on=None),
        members=tuple(MemberRow(name, "", 1_234_567, None, "－") for name in names),
        future_image=text,
        issues=text,
        aims=text,
        years=tuple(range(2026, 2036)),
        initiatives=tuple(replace(one, number=number) for number in range(1, 9)),
        totals=(79_999_999_992,) * 10,
        total_yen=799_999_999_920,
    )


def bare_vision() -> VisionPaper:
    """Only begun: a title, a term, a town; neither people nor words nor initiatives."""
    plain = vision()
    empty = MemberRow("長沼町", "代表・事務局", None, None, "－")
    return replace(
        plain,
        head=replace(plain.head, issued_on=None),
        agreement="",
        members=(empty,),
        together=None,
        base_year=None,
        people=None,
        credits=(),
        future_image="",
        issues="",
        aims="",
        initiatives=(),
        totals=(0,) * 5,
        total_yen=0,
    )


def thin_vision() -> VisionPaper:
    """An initiative that is only a name."""
    bare = replace(
        initiative(), fields=(), secretariat="", outline="", roles="", parts=(), costs=(None,) * 5, total_yen=0, kpis=(),
        self_running="",
    )  # fmt: skip
    return replace(bare_vision(), initiatives=(bare,))
