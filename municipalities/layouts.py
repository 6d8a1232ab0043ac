"""Tables of ministries as they are published, read as our sheets: residents, census, SSDSE, projections, finance."""

from __future__ import annotations

import re

from common.sheets.layouts import Cover, Layout, Pick, register
from common.sheets.reading import Cell

# Counts of men or women, shares and indexes stand beside the numbers that are wanted.
_WHOLE = r"^(?!.*(?:^|／)(?:男|女)(?:性|子)?(?:／|$))(?!.*(?:割合|構成比|指数|増減|率|%))"
_YOUNG = r"(?:^|／)(?:0歳?~4|5歳?~9|10歳?~14)歳"
_MIDDLE = r"(?:^|／)(?:15歳?~19|20歳?~24|25歳?~29|30歳?~34|35歳?~39|40歳?~44|45歳?~49|50歳?~54|55歳?~59|60歳?~64)歳"
_OLD = r"(?:^|／)(?:(?:65歳?~69|70歳?~74|75歳?~79|80歳?~84|85歳?~89|90歳?~94|95歳?~99)歳|(?:85|90|95|100)歳以上)"
_VERY_OLD = r"(?:^|／)(?:(?:75歳?~79|80歳?~84|85歳?~89|90歳?~94|95歳?~99)歳|(?:85|90|95|100)歳以上)"
_NEW_YEAR = r"((?:令和|平成)(?:元|\d+)年)\(?(?:\d{4}年?)?\)?1月1日"
_CENSUS = r"((?:令和|平成|昭和)(?:元|\d+)年|(?:19|20)\d\d年?)(?:\(\d{4}年?\))?国勢調査"
_EDITION = r"(令和|平成)(元|\d+)(?:\(\d{4}\))?年(?:\(\d{4}年?\))?(\d+月)?推計"
_EDITIONS = {2010: "平成25年3月推計", 2015: "平成30年推計", 2020: "令和5年推計"}  # by base year, all of the institute's
_BASES = {edition: base for base, edition in _EDITIONS.items()}

CODE = Pick("団体コード", r"コード(?:$|／)")
NAME = Pick("市町村名", r"(?:^|／)(?:市区町村名?|団体名|市町村名)$", required=False)


def _residents(cover: Cover) -> dict[str, Cell | None]:
    return {"出典": "住民基本台帳人口", "年": cover.year(_NEW_YEAR)}


def _census(cover: Cover) -> dict[str, Cell | None]:
    return {"出典": "国勢調査", "年": cover.year(_CENSUS)}


def _ssdse(cover: Cover) -> dict[str, Cell | None]:
    """The year of the population stands under its code (A1101) in the second heading row."""
    found = next((told[1] for path in cover.paths if (told := re.search(r"A1101／((?:19|20)\d\d)", path))), None)
    return {"出典": "国勢調査", "年": int(found) if found else None}


def _projection(cover: Cover) -> dict[str, Cell | None]:
    """The edition stands in the title, else its first year tells it: each begins with the census it rests on."""
    told = re.search(_EDITION, re.sub(r"\s", "", f"{cover.text}{cover.sheet}{cover.file}"))
    years = [int(year) for path in cover.paths for year in re.findall(r"(?<!\d)(20\d\d)年", path)]
    first = min(years, default=None)
    edition = f"{told[1]}{told[2]}年{told[3] or ''}推計" if told else _EDITIONS.get(first or 2020)
    return {"推計版": edition, "基準年": _BASES.get(edition or "", first)}


def _finance(cover: Cover) -> dict[str, Cell | None]:
    return {"年": cover.year(r"((?:令和|平成)(?:元|\d+)年度)")}


def _people_of_unknown_age(columns: dict[str, list[Cell]]) -> str:
    """SSDSE leaves out the people of unknown age, whom its total holds: they are what is left of it."""
    groups = [columns["総人口"], columns["0-14歳"], columns["15-64歳"], columns["65歳以上"]]
    left: list[Cell] = []
    for cells in zip(*groups, strict=True):
        numbers = [int(cell) if isinstance(cell, int | float) or str(cell).isdigit() else None for cell in cells]
        total, *ages = numbers
        known = total is not None and None not in ages
        rest = total - sum(age or 0 for age in ages) if known and total is not None else -1
        left.append(rest if rest >= 0 else "")
    columns["年齢不詳"] = left
    return "「年齢不詳」は、総人口から年齢3区分の人口を引いた数としました。"


RESIDENTS = register(
    Layout(
        id="juki",
        kind="I-03",
        title="住民基本台帳に基づく人口（総務省、市区町村別）",
        titled="住民基本台帳",
        marks=(r"団体コード", r"市区町村名", r"人口[^／]*／計"),
        never=(r"性別",),
        picks=(CODE, NAME, Pick("総人口", r"人口[^／]*／計")),
        rows=r"人口[^／]*／計",
        rows_are=r"^(?!0$)",  # the northern villages stand there with 0
        constants=_residents,
    )
)
RESIDENTS_BY_AGE = register(
    Layout(
        id="juki_ages",
        kind="I-03",
        title="住民基本台帳に基づく年齢階級別人口（総務省、市区町村別）",
        titled="住民基本台帳",
        marks=(r"団体コード", r"市区町村名", r"性別", _YOUNG),
        picks=(
            CODE,
            NAME,
            Pick("総人口", r"総数"),
            Pick("0-14歳", _YOUNG, add=True),
            Pick("15-64歳", _MIDDLE, add=True),
            Pick("65歳以上", _OLD, add=True),
            Pick("75歳以上", _VERY_OLD, add=True),
        ),
        rows=r"性別",
        rows_are=r"^(?:計|総数|男女計)$",
        constants=_residents,
    )
)
CENSUS = register(
    Layout(
        id="census",
        kind="I-03",
        title="国勢調査（e-Stat、年齢3区分別人口）",
        titled="国勢調査",
        marks=(r"コード", r"15歳未満", r"15~64歳", r"65歳以上"),
        never=(r"SSDSE",),
        picks=(
            CODE,
            Pick("市町村名", r"(?:^|／)(?:地域名?|市区町村名?|都道府県・市区町村名)$", required=False),
            Pick("総人口", _WHOLE + r".*(?:総数|総人口|人口総数)"),
            Pick("0-14歳", _WHOLE + r".*15歳未満"),
            Pick("15-64歳", _WHOLE + r".*15~64歳"),
            Pick("65歳以上", _WHOLE + r".*65歳以上"),
            Pick("75歳以上", _WHOLE + r".*75歳以上", required=False),
            Pick("年齢不詳", _WHOLE + r".*不詳", required=False),
        ),
        constants=_census,
    )
)
SSDSE_A = register(
    Layout(
        id="ssdse_a",
        kind="I-03",
        title="SSDSE-A（統計センター、市区町村）の人口",
        titled="SSDSE-?A",
        marks=(r"地域コード", r"A1101", r"A1303"),
        picks=(
            CODE,
            NAME,
            Pick("総人口", r"(?:^|／)A1101／"),
            Pick("0-14歳", r"(?:^|／)A1301／"),
            Pick("15-64歳", r"(?:^|／)A1302／"),
            Pick("65歳以上", r"(?:^|／)A1303／"),
            Pick("75歳以上", r"(?:^|／)A1419／", required=False),
        ),
        constants=_ssdse,
        finish=_people_of_unknown_age,
    )
)
SSDSE_A_INDICATORS = register(
    Layout(
        id="ssdse_a_indicators",
        kind="I-16",
        title="SSDSE-A（統計センター、市区町村）の指標",
        titled="SSDSE-?A",
        marks=(r"地域コード", r"(?:^|／)(?:B1101|A4101|D3201|E2101)／(?:19|20)\d\d"),
        picks=(CODE, NAME),
        melt={
            "B1101": "総面積",
            "B1103": "可住地面積",
            "A7101": "世帯数",
            "A8301": "65歳以上の単身世帯数",
            "A1700": "外国人人口",
            "A4101": "出生数",
            "A4200": "死亡数",
            "A5101": "転入者数（日本人）",
            "A5102": "転出者数（日本人）",
            "F1102": "就業者数",
            "F2201": "就業者数（第1次産業）",
            "F2211": "就業者数（第2次産業）",
            "F2221": "就業者数（第3次産業）",
            "D1202": "一般行政部門の職員数",
            "D3201": "歳入決算総額",
            "D3203": "歳出決算総額",
            "E2101": "小学校数",
            "E3101": "中学校数",
            "E4101": "高等学校数",
            "G1201": "公民館数",
            "I5102": "一般診療所数",
            "I6100": "医師数",
        },
    )
)
PROJECTIONS = register(
    Layout(
        id="ipss",
        kind="I-04",
        title="地域別将来推計人口（社人研、結果表）",
        marks=(r"コード", r"市区町村", r"(?:^|／)20\d\d年(?:\(人\))?$"),
        never=(r"推計版", r"(?:^|／)年$"),
        picks=(
            CODE,
            NAME,
            Pick("{1}年", _WHOLE + r"(?:.*(?:総人口|総数)[^／]*／)?((?:19|20)\d\d)年(?:\(人\))?$", required=False),
            Pick("{1}年／0-14歳", _WHOLE + r".*0~14歳[^／]*／((?:19|20)\d\d)年", required=False),
            Pick("{1}年／15-64歳", _WHOLE + r".*15~64歳[^／]*／((?:19|20)\d\d)年", required=False),
            Pick("{1}年／65歳以上", _WHOLE + r".*65歳以上[^／]*／((?:19|20)\d\d)年", required=False),
            Pick("{1}年／75歳以上", _WHOLE + r".*75歳以上[^／]*／((?:19|20)\d\d)年", required=False),
        ),
        constants=_projection,
    )
)
PROJECTIONS_BY_AGE = register(
    Layout(
        id="ipss_ages",
        kind="I-04",
        title="地域別将来推計人口（社人研、男女・年齢5歳階級別）",
        marks=(r"コード", r"市区町村", r"(?:^|／)年$", _YOUNG),
        never=(r"推計版",),
        picks=(
            CODE,
            NAME,
            Pick("年", r"(?:^|／)年$"),
            Pick("総人口", _WHOLE + r".*(?:総数|総人口)"),
            Pick("0-14歳", _WHOLE + r".*" + _YOUNG, add=True),
            Pick("15-64歳", _WHOLE + r".*" + _MIDDLE, add=True),
            Pick("65歳以上", _WHOLE + r".*" + _OLD, add=True),
            Pick("75歳以上", _WHOLE + r".*" + _VERY_OLD, add=True),
        ),
        constants=_projection,
    )
)
FINANCE = register(
    Layout(
        id="zaisei",
        kind="I-16",
        title="主要財政指標一覧（総務省）",
        marks=(r"団体コード", r"財政力指数", r"経常収支比率"),
        picks=(
            CODE,
            NAME,
            Pick("財政力指数", r"財政力指数"),
            Pick("経常収支比率", r"経常収支比率"),
            Pick("実質公債費比率", r"実質公債費比率", required=False),
            Pick("将来負担比率", r"将来負担比率", required=False),
            Pick("ラスパイレス指数", r"ラスパイレス指数", required=False),
        ),
        constants=_finance,
    )
)
