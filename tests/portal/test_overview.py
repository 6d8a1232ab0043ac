"""The prefecture overview: the frames of October 2023 as the report counts them."""

from datetime import date

import pytest

from common.viewer import Duty
from portal.overview import Frame, overview
from tests.queries import queries_of
from tests.viewers import client_for, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("history_db")]

REPORT_DAY = date(2023, 10, 1)


def test_each_municipality_counts_once():
    found = overview("01", "北海道", REPORT_DAY)
    assert dict(found.counts) == {
        Frame.HUB_URBAN: 21,
        Frame.SETTLEMENT: 111,
        Frame.REGION: 45,
        Frame.AFTER: 1,
        Frame.NONE: 1,
    }
    assert found.message == "179市町村のうち178市町村が、国か道の制度で広域連携に取り組む"


def test_eight_belong_to_a_zone_and_to_a_supported_region():
    found = overview("01", "北海道", REPORT_DAY)
    assert (found.both, found.blank, len(found.supported)) == (8, 47, 8)
    assert (len(found.hub_urban), len(found.settlement)) == (2, 13)


def test_who_is_outside_and_who_only_was_supported_is_named():
    found = overview("01", "北海道", REPORT_DAY)
    assert [place.name for place in found.outside] == ["倶知安町"]
    assert [place.name for place in found.places if place.frame == Frame.AFTER] == ["紋別市"]


def test_bureaus_add_up_to_the_prefecture():
    found = overview("01", "北海道", REPORT_DAY)
    assert len(found.bureaus) == 14
    assert found.total.total == 179
    by_name = {line.name: line for line in found.bureaus}
    assert by_name["空知総合振興局"].cells == [3, 15, 6, 0, 0]
    assert by_name["後志総合振興局"].cells == [1, 5, 13, 0, 1]
    assert [region.pk for region in by_name["留萌振興局"].regions] == ["A05", "A08"]


def test_minamisorachi_is_blank_before_its_zone_and_not_after():
    before, after = (overview("01", "北海道", date(2025, 3, day)) for day in (25, 31))
    counts = [dict(found.counts)[Frame.SETTLEMENT] for found in (before, after)]
    assert counts == [111, 117]


def test_another_prefecture_is_drawn_from_its_own_records():
    found = overview("06", "山形県", REPORT_DAY)
    assert (len(found.places), len(found.bureaus)) == (35, 4)
    assert found.total.total == 35


def test_the_queries_do_not_grow_with_the_day():
    assert len(queries_of(lambda: overview("01", "北海道", REPORT_DAY))) <= 12


def test_the_page_shows_official_beside_computed_for_the_day_asked_for():
    client = client_for(viewer(Duty.OB))
    text = client.get("/overview/", {"on": "令和5年3月31日"}).content.decode()
    for words in ("令和5年3月31日現在", "28地域", "あと1市町村", "倶知安町", "どの枠組みにも入らない"):
        assert words in text
    assert "庁内限り" not in text
    assert client.get("/overview/", {"on": "いつか"}).status_code == 404
