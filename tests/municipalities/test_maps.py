"""Maps of the real prefectures: small enough, every municipality once, 北方領土 apart."""

from __future__ import annotations

import re
from datetime import date

import pytest

from common.maps import Look, Mark
from municipalities.maps import INSET_TITLE, municipality_map, prefecture_map, short
from municipalities.models import Boundary, Bureau, Municipality
from tests.queries import queries_of
from tests.reference import reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("reference_db")]

TODAY = date(2026, 11, 21)


def under(bureau: str) -> list[str]:
    return list(Municipality.objects.under(bureau, TODAY).values_list("code", flat=True))


def drawn(svg: str) -> list[str]:
    return re.findall(r'data-code="(\d{6})"', svg)


def test_a_bureau_is_smaller_than_60_kb_and_shows_each_of_its_own_once():
    for bureau in Bureau.objects.filter(prefecture="01"):
        codes = under(bureau.code)
        svg = municipality_map(codes, label=bureau.name)
        assert sorted(drawn(svg)) == sorted(codes)
        assert len(svg.encode()) < 60_000


def test_all_of_hokkaido_is_smaller_than_250_kb():
    marks = {code: Mark(Look.SETTLEMENT) for code in under("nemuro")}
    svg = prefecture_map("01", marks, label="全道", titles={"012238": "空白地域"}, callouts={"014001": "倶知安町"})
    assert len(drawn(svg)) == 179
    assert len(svg.encode()) < 250_000
    assert "<title>根室市：空白地域</title>" in svg
    assert INSET_TITLE in svg
    written = set(re.findall(r">([^<>]+)</text>", svg))
    assert set(Bureau.objects.filter(prefecture="01").values_list("short_name", flat=True)) <= written


def test_yamagata_names_its_four_offices_and_needs_no_inset():
    svg = prefecture_map("06", {}, label="全県", size=(500, 600))
    assert re.findall(r">([^<>]+)</text>", svg) == ["村山", "最上", "置賜", "庄内"]
    assert len(drawn(svg)) == 35
    assert INSET_TITLE not in svg


def test_all_twenty_of_shiribeshi_can_be_read_and_looks_follow_the_sets():
    codes = under("shiribeshi")
    svg = municipality_map(
        codes,
        label="後志",
        selected=["014001", "014079"],
        zoned=["014079", "012033"],
        candidates=["013994"],
        members=["014036"],
    )
    written = re.findall(r">([^<>]+)</text>", svg)
    assert len(written) == 20
    assert {"泊", "倶知安", "ニセコ"} <= {*written}
    looks = {code: names for names, code in re.findall(r'<path class="(m [^"]*)" data-code="(\d{6})"', svg)}
    assert looks["014001"] == "m m--selected on"
    assert looks["014079"] == "m m--selected-zone on"
    assert looks["012033"] == "m m--zone"
    assert looks["014036"] == "m m--member"
    assert svg.count("stroke-dasharray") == 1


def test_the_second_drawing_reads_only_the_names():
    codes = under("hiyama")
    first = municipality_map(codes, label="")
    assert len(queries_of(lambda: municipality_map(codes, label=""))) == 1
    assert municipality_map(codes[::-1], label="").count("data-code") == first.count("data-code")


def test_full_names_are_written_for_a_region():
    svg = municipality_map(under("nemuro"), label="", members=under("nemuro"), names="full", size=(336, 300))
    assert "根室市" in re.findall(r">([^<>]+)</text>", svg)
    assert '<svg viewBox="0 0 336 300"' in svg


def test_tall_bureaus_get_tall_maps():
    heights = {
        bureau: int(re.match(r'<svg viewBox="0 0 416 (\d+)"', municipality_map(under(bureau), label=""))[1])
        for bureau in ("kamikawa", "okhotsk")
    }
    assert heights["kamikawa"] > heights["okhotsk"]


@pytest.mark.parametrize(
    ("name", "written"), [("余市町", "余市"), ("泊村", "泊"), ("ニセコ町", "ニセコ"), ("余市", "余")]
)
def test_names_on_maps_leave_out_the_kind(name, written):
    assert short(name) == written


def test_a_municipality_without_an_outline_is_left_out_and_none_at_all_is_no_map():
    codes = under("nemuro")
    assert municipality_map(codes[:1], label="") != ""
    Boundary.objects.filter(municipality__in=codes[1:]).delete()
    assert drawn(municipality_map([*codes[:1], codes[2]], label="")) == codes[:1]
    assert municipality_map(codes[1:], label="") == ""
