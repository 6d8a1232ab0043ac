"""連携地域カルテ (D-27) on the real regions of Hokkaido: two pages, what the sources say, no more than one may see."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import pytest

from common.documents import Mark, render_pdf
from common.viewer import Duty, Viewer
from portal.region_sheet import region_sheet
from regions import load as regions
from regions.models import Field, Kpi, KpiActual, Project, Region, StageAssessment
from subsidies import load as subsidies
from subsidies.models import SupportYear
from tests.common.pdf import complaints, pages_of, text_of
from tests.queries import queries_of
from tests.reference import reference_db  # noqa: F401
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("reference_db", "history")]
ON = date(2026, 11, 21)


@pytest.fixture
def history() -> None:
    regions.load_all()
    subsidies.load_all()


def region(code: str) -> Region:
    return Region.objects.select_related("lead", "secretariat", "hub", "lead_bureau").get(pk=code)


def sheet(code: str, person: Viewer | None = None) -> dict[str, Any]:
    return region_sheet(region(code), person or saved(viewer(Duty.HS)), ON)


def test_nemuro_as_the_sources_have_it():
    data = sheet("A06")
    assert data["head"]["heading"] == ["根室連携地域"]
    assert [(fact["label"], fact["value"], fact["note"]) for fact in data["facts"]][:3] == [
        ("構成", "1市4町", ""),
        ("人口 2020年", "71,771", ""),
        ("2040年の推計", "52,607", "▲26.7％"),
    ]
    assert {row["name"]: row["change"] for row in data["members"]} == {
        "根室市": "▲35.0",
        "別海町": "▲23.4",
        "中標津町": "▲17.6",
        "標津町": "▲24.2",
        "羅臼町": "▲40.4",
    }
    assert data["predecessors"] == ["M11"]
    bands = [(band["title"], band["years"]) for band in data["bands"]]
    assert bands[:3] == [("市町村連携地域モデル事業", 3), ("支援なし", 1), ("広域連携加速化事業", 3)]
    assert sum(years for _, years in bands) == len(data["years"])
    cells = {line["name"]: "".join(cell or "－" for cell in line["cells"]) for line in data["works"]}
    assert cells["移住・定住促進事業"].startswith("●●●－")
    assert cells["防災関連勉強会事業"].startswith("－－－－●●●")


@pytest.mark.parametrize("code", ["A01", "A04", "A06", "M02"])
def test_a_region_fits_two_pages_and_conforms(code: str):
    data = sheet(code)
    drawn = render_pdf("D-27", data)
    assert complaints(drawn) == []
    pages = pages_of(drawn)
    assert len(pages) == 2
    for row in data["members"]:
        assert row["name"] in pages[0]
    assert "出典：" in pages[0]
    assert "制度と取組のあゆみ" in pages[1]


def test_the_chart_and_the_map_are_named_for_those_who_cannot_see_them():
    data = sheet("A06")
    assert 'aria-label="根室連携地域の位置。根室市、別海町、中標津町、標津町、羅臼町"' in data["map_svg"]
    assert "71,771人" in data["people"]["chart_svg"]
    assert len(data["people"]["columns"]) == 11


def test_the_same_day_gives_the_same_paper():
    first, second = sheet("A06"), sheet("A06")
    assert first == second
    assert render_pdf("D-27", first) == render_pdf("D-27", second)


def test_a_draft_is_marked():
    assert all("案" in page for page in pages_of(render_pdf("D-27", sheet("A06"), mark=Mark.DRAFT)))


def full(code: str) -> None:
    """More of everything than two pages hold."""
    place = region(code)
    for n in range(20):
        project = Project.objects.create(region=place, code=f"X{n:02}", name=f"長い名前の取組その{n}" * 3, from_fy=2021)
        kpi = Kpi.objects.create(
            project=project, number=1, name=f"とても長い名前の成果指標その{n}", unit="千人・回", baseline=0, target=100
        )
        KpiActual.objects.create(kpi=kpi, fiscal_year=2024, value=42)
    person = saved(viewer(Duty.HS))
    for field in Field.objects.all()[:6]:
        StageAssessment.objects.create(
            region=place,
            field=field,
            track="municipal",
            stage=2,
            assessed_on=ON,
            evidence="根拠",
            assessed_by_id=person.user_id or 0,
        )


def test_a_full_region_keeps_to_two_pages_and_says_what_was_left_out():
    full("A04")
    data = sheet("A04")
    assert len(data["kpis"]) == 7
    assert data["more_kpis"] == 13
    assert data["kpis"][0]["percent"] == "42"
    assert data["kpis"][0]["actual"] == "42（R6）"
    drawn = render_pdf("D-27", data)
    assert complaints(drawn) == []
    assert len(pages_of(drawn)) == 2
    text = text_of(drawn)
    assert "ほかに指標13件" in text
    assert "第2段階" in text


def test_granted_amounts_are_for_those_who_have_a_part_in_the_region():
    SupportYear.objects.filter(region="A06").update(amount_yen=3_150_000)
    own = sheet("A06", saved(viewer(Duty.BS, bureau="nemuro")))
    assert "3,150" in own["money"]
    other = sheet("A06", saved(viewer(Duty.BS, bureau="sorachi")))
    assert other["money"] == []
    assert not any("交付決定額" in fact["label"] for fact in other["facts"])
    assert "交付決定額" not in text_of(render_pdf("D-27", other))


def test_the_page_prints_it_under_its_name():
    answer = client_for(viewer(Duty.BS, bureau="nemuro")).get("/regions/A06/sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert quote("連携地域カルテ（根室連携地域") in answer["Content-Disposition"]
    assert len(pages_of(answer.content)) == 2


def test_a_name_that_cannot_be_printed_is_said_on_the_page_of_the_region():
    Project.objects.filter(region="A06").update(name="𠮷野の防災")
    answer = client_for(viewer(Duty.BS, bureau="nemuro")).get("/regions/A06/sheet.pdf", follow=True)
    assert answer.redirect_chain[-1][0] == "/regions/A06/"
    assert "印刷できない文字があります" in answer.content.decode()


def test_a_sheet_asks_as_often_for_seventeen_towns_as_for_three():
    person = saved(viewer(Duty.HS))
    places = [region(code) for code in ("A04", "A08")]
    for place in places:
        region_sheet(place, person, ON)  # fills the cache of outlines
    many, few = (len(queries_of(lambda place=place: region_sheet(place, person, ON))) for place in places)
    assert many == few
    assert many <= 25
