"""The timeline on the real history: 後志15 → 16 → 17, モデル → 加速化, 上川中部 → 旭川大雪."""

from __future__ import annotations

from datetime import date

import pytest

from common.viewer import Duty
from regions.models import NationalZone, Region
from regions.timeline import region_timeline, zone_timeline
from regions.timeline_picture import timeline_picture
from tests.queries import queries_of
from tests.viewers import viewer

TODAY = date(2026, 11, 21)
pytestmark = [pytest.mark.usefixtures("history_db", "db"), pytest.mark.either_database]


def timeline(code: str, support=()):
    found = region_timeline(Region.objects.get(pk=code), viewer(Duty.HS), TODAY, support)
    assert found is not None
    return found


def test_shiribeshi_grows_from_15_to_17_and_each_newcomer_is_marked():
    (lane,) = timeline("A04").lanes
    assert [one.label for one in lane.names] == ["後志15町村連携地域", "後志16町村連携地域", "後志17町村連携地域"]
    assert lane.joins == [(date(2022, 4, 1), "＋蘭越町"), (date(2023, 4, 1), "＋神恵内村")]
    events = [(event.when, event.text) for event in timeline("A04").events]
    assert ("令和4年度", "蘭越町が加わる") in events
    assert ("令和5年度", "名称を後志17町村連携地域とする") in events
    assert events[0][1].startswith("15市町村で始まる")


def test_nemuro_goes_from_the_model_to_the_acceleration_program_across_two_regions():
    for code in ("M11", "A06"):
        lanes = timeline(code).lanes
        assert [lane.title for lane in lanes] == ["根室連携地域（M11）", "根室連携地域（A06）"]
        assert lanes[0].states[-1].last == date(2021, 3, 31)
        assert lanes[1].names[0].first == date(2021, 4, 1)


def test_a_region_that_moved_to_a_zone_ends_where_the_zone_is_certain():
    lanes = timeline("M06").lanes
    assert [lane.title for lane in lanes] == ["北空知連携地域（M06）", "北空知圏域定住自立圏"]
    assert any(event.text == "国制度へ移行" and not event.sure for event in timeline("M06").events)


def test_a_zone_shows_what_it_took_over_from():
    for code in ("HK-T90", "HK-R02"):
        found = zone_timeline(NationalZone.objects.with_neighbours().get(pk=code), TODAY)
        assert found is not None
        assert [lane.title for lane in found.lanes] == ["上川中部定住自立圏", "旭川大雪圏域連携中枢都市圏"]
    assert any("旭川大雪圏域連携中枢都市圏へ" in event.text for event in found.events)


def test_the_picture_says_in_words_what_it_shows_and_writes_long_names_out_below():
    support = [("次期支援制度（例）", date(2026, 4, 1), date(2027, 3, 31))]
    drawn = timeline_picture(timeline("A06", support))
    assert 'role="img"' in drawn
    assert "2017年から2026年までのあゆみ" in drawn
    assert "（1）次期支援制度（例）" in drawn
    assert "style=" not in drawn


def test_what_an_office_may_not_know_is_not_in_the_picture():
    Region.objects.filter(pk="M11").update(state="idea")
    stranger = viewer(Duty.OB)
    found = region_timeline(Region.objects.get(pk="A06"), stranger, TODAY)
    assert found is not None
    assert [lane.title for lane in found.lanes] == ["根室連携地域（A06）"]


def test_a_long_chain_asks_as_often_as_a_short_one():
    counts = {code: len(queries_of(lambda code=code: timeline(code))) for code in ("A02", "A04", "A06")}
    assert max(counts.values()) <= 9, counts
