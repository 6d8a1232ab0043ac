"""I-06 国制度圏域, I-07 中心都市指定 and I-08 連携地域・構成 from a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from common.errors import Refused
from common.sheets import importing
from common.viewer import SYSTEM, Duty
from municipalities.models import Municipality
from regions.models import (
    AgreementConsent,
    HubDesignation,
    NationalZone,
    Project,
    Region,
    RegionMembership,
    ZoneMembership,
)

from ..factories.municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory
from ..factories.regions import AgreementFactory, RegionFactory
from ..kinds import book, brought_in, checked, counts, found, sentences
from ..viewers import saved, viewer

pytestmark = pytest.mark.django_db
ZONES = ["圏域コード", "圏域名", "種別", "団体コード", "役割", "開始日", "終了日"]
HUBS = ["計画名", "団体コード", "区分", "開始日", "終了日"]
REGIONS = ["地域コード", "地域名", "類型", "代表コード", "団体コード", "加入日", "脱退日", "主管振興局"]
PLAN = "新・北海道総合計画"


@pytest.fixture
def staff(db: None) -> Any:
    hokkaido, yamagata = PrefectureFactory(code="01"), PrefectureFactory(code="06")
    sorachi = BureauFactory(code="sorachi", prefecture=hokkaido, name="空知総合振興局", short_name="空知")
    nemuro = BureauFactory(code="nemuro", prefecture=hokkaido, name="根室振興局", short_name="根室")
    for code, name, bureau in (
        ("012106", "岩見沢市", sorachi), ("014231", "南幌町", sorachi), ("014281", "長沼町", sorachi), ("012238", "根室市", nemuro),
    ):  # fmt: skip
        MunicipalityFactory(code=code, name=name, bureau=bureau)
    MunicipalityFactory(code="062014", name="山形市", prefecture=yamagata)
    return saved(viewer(Duty.HS))


class TestZones:
    SOUTH = ("HK-99", "南空知定住自立圏", "定住自立圏")

    def test_a_zone_with_its_members_and_the_way_back(self, staff: Any):
        run = brought_in(
            "I-06",
            book(
                ZONES,
                [*self.SOUTH, "012106", "中心", "R7.3.26", ""],
                [*self.SOUTH, "014231", "近隣市町村", "R7.3.26", ""],
            ),
            staff,
        )
        zone = NationalZone.objects.get()
        assert (zone.prefecture_id, zone.kind, zone.name) == ("01", "settlement", "南空知定住自立圏")
        assert list(
            ZoneMembership.objects.order_by("municipality").values_list("municipality", "role", "in_force_by")
        ) == [
            ("012106", "hub", date(2025, 3, 26)),
            ("014231", "neighbour", date(2025, 3, 26)),
        ]
        importing.undo(run, staff)
        assert not NationalZone.objects.exists()

    def test_a_membership_ends_and_the_next_begins_in_one_sheet(self, staff: Any):
        brought_in("I-06", book(ZONES, [*self.SOUTH, "012106", "近隣", "2020/4/1", ""]), staff)
        run = brought_in(
            "I-06",
            book(
                ZONES,
                [*self.SOUTH, "012106", "中心", "2024/4/1", ""],
                [*self.SOUTH, "012106", "近隣", "2020/4/1", "2024/3/31"],
            ),
            staff,
        )
        assert counts(run) == (1, 1, 0, 0)
        importing.undo(run, staff)
        row = ZoneMembership.objects.get()
        assert (row.role, row.ended_on) == ("neighbour", None)

    def test_a_sheet_without_the_last_day_leaves_it(self, staff: Any):
        brought_in("I-06", book(ZONES, [*self.SOUTH, "012106", "近隣", "2020/4/1", "2024/3/31"]), staff)
        brought_in("I-06", book(ZONES[:-1], [*self.SOUTH, "012106", "中心", "2020/4/1"]), staff)
        row = ZoneMembership.objects.get()
        assert (row.role, row.ended_on) == ("hub", date(2024, 3, 31))

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            ([*SOUTH, "012106", "中央", "2024/4/1", ""], "役割", "E-44"),
            ([*SOUTH, "012107", "中心", "2024/4/1", ""], "団体コード", "E-06"),
            ([*SOUTH, "013030", "中心", "2024/4/1", ""], "団体コード", "E-07"),
            ([*SOUTH, "012106", "中心", "", ""], "開始日", "E-05"),
            ([*SOUTH, "012106", "中心", "2024/4/1", "2024/3/31"], "終了日", "E-14"),
            ([*SOUTH, "014231", "中心", "2022/4/1", ""], "開始日", "E-15"),
            (["HK-99", "南空知圏", "定住自立圏", "012106", "中心", "2024/4/1", ""], "圏域名", "E-63"),
        ],
    )
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        first = [*self.SOUTH, "014231", "近隣", "2020/4/1", "2023/3/31"]
        run = checked("I-06", book(ZONES, first, row), staff)
        assert (3, place, id) in found(run, staff)
        assert {number for number, _, _ in found(run, staff)} <= {2, 3}

    def test_periods_that_stand_are_named(self, staff: Any):
        brought_in("I-06", book(ZONES, [*self.SOUTH, "012106", "近隣", "2020/4/1", ""]), staff)
        run = checked("I-06", book(ZONES, [*self.SOUTH, "012106", "中心", "2024/4/1", ""]), staff)
        assert sentences(run, staff) == ["2行目：期間が既存の登録（2020/4/1～）と重なっています。"]


class TestHubs:
    def test_designated_changed_and_taken_back(self, staff: Any):
        run = brought_in("I-07", book(HUBS, [PLAN, "012106", "地域中心都市", "", ""]), staff)
        again = brought_in("I-07", book(HUBS, [PLAN, "012106", "中核都市群", "H30.4.1", ""]), staff)
        row = HubDesignation.objects.get()
        assert (row.kind, row.valid_from) == ("cluster", date(2018, 4, 1))
        importing.undo(again, staff)
        assert HubDesignation.objects.get().kind == "centre"
        importing.undo(run, staff)
        assert not HubDesignation.objects.exists()

    @pytest.mark.parametrize(
        ("row", "place", "id"),
        [
            ([PLAN, "062014", "地域中心都市", "", ""], "団体コード", "E-18"),
            ([PLAN, "013030", "地域中心都市", "", ""], "団体コード", "E-07"),
            ([PLAN, "012106", "首都", "", ""], "区分", "E-44"),
            (["", "012106", "地域中心都市", "", ""], "計画名", "E-05"),
            ([PLAN, "012106", "地域中心都市", "R6.4.1", "R6.3.1"], "終了日", "E-14"),
        ],
    )
    def test_each_fault_names_its_cell(self, staff: Any, row: list[Any], place: str, id: str):
        assert found(checked("I-07", book(HUBS, row), staff), staff) == [(2, place, id)]


class TestRegions:
    SOUTH = ("S01", "南空知連携地域", "フラット型", "012106")

    def test_a_new_region_is_an_idea_and_goes_again(self, staff: Any):
        run = brought_in(
            "I-08",
            book(REGIONS, [*self.SOUTH, "012106", "R4.4.1", "", ""], [*self.SOUTH, "014231", "R5.4.1", "", ""]),
            staff,
        )
        region = Region.objects.get()
        assert (region.state, region.type, region.lead_id, region.secretariat_id, region.lead_bureau_id, region.hub_id) == (
            "idea", "flat", "012106", "012106", "sorachi", None,
        )  # fmt: skip
        assert list(region.names.values_list("name", "valid_from")) == [("南空知連携地域", date(2022, 4, 1))]
        assert list(region.memberships.values_list("municipality", "joined_on")) == [
            ("012106", date(2022, 4, 1)),
            ("014231", date(2023, 4, 1)),
        ]
        importing.undo(run, staff)
        assert not Region.objects.exists()

    def test_the_hub_of_a_hub_region_is_its_lead_unless_the_sheet_names_one(self, staff: Any):
        hub = ("S01", "南空知連携地域", "中心都市型", "012106")
        brought_in("I-08", book(REGIONS, [*hub, "012106", "R4.4.1", "", ""], [*hub, "014231", "R4.4.1", "", ""]), staff)
        assert Region.objects.get().hub_id == "012106"
        head = [*REGIONS, "中心都市コード"]
        rows = [[*hub, code, "R4.4.1", "", "", "014231"] for code in ("012106", "014231")]
        run = brought_in("I-08", book(head, *rows), staff)
        assert (Region.objects.get().hub_id, counts(run)) == ("014231", (0, 2, 0, 0))
        importing.undo(run, staff)
        assert Region.objects.get().hub_id == "012106"

    def test_a_new_name_and_a_last_day_of_an_idea(self, staff: Any):
        rows = [[*self.SOUTH, code, "R4.4.1", "", ""] for code in ("012106", "014231", "014281")]
        brought_in("I-08", book(REGIONS, *rows), staff)
        told = ("S01", "南空知ふるさと連携地域", "フラット型", "012106")
        rows = [
            [*told, code, "R4.4.1", end, ""] for code, end in (("012106", ""), ("014231", ""), ("014281", "R7.3.31"))
        ]
        run = brought_in("I-08", book(REGIONS, *rows), staff)
        region = Region.objects.get()
        assert (region.name, region.names.count()) == ("南空知ふるさと連携地域", 2)
        assert RegionMembership.objects.get(municipality="014281").left_on == date(2025, 3, 31)
        importing.undo(run, staff)
        region.refresh_from_db()
        assert (region.name, region.names.count()) == ("南空知連携地域", 1)
        assert RegionMembership.objects.get(municipality="014281").left_on is None

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ([("S02", "新地域", "フラット型", "012106", "012106", "R4.4.1", "", "")], (2, "団体コード", "E-64")),
            ([(*SOUTH, "062014", "R4.4.1", "", "")], (2, "団体コード", "E-18")),
            ([(*SOUTH, "013030", "R4.4.1", "", "")], (2, "団体コード", "E-07")),
            ([("S01", "南空知連携地域", "円型", "012106", "012106", "R4.4.1", "", "")], (2, "類型", "E-44")),
            ([("S01", "南空知連携地域", "フラット型", "012238", "012106", "R4.4.1", "", "")], (2, "代表コード", "E-64")),
            ([(*SOUTH, "012106", "R4.4.1", "R4.3.31", "")], (2, "脱退日", "E-14")),
            ([(*SOUTH, "012106", "R6.4.1", "", "")], (2, "加入日", "E-15")),
            ([(*SOUTH, "012106", "R4.4.1", "", "東空知")], (2, "主管振興局", "E-61")),
            ([(*SOUTH, "012106", "R4.4.1", "", ""), ("S01", "北空知", "フラット型", "012106", "014231", "R4.4.1", "", "")],
             (3, "地域名", "E-63")),
            ([("S02", "南空知連携地域", "フラット型", "012106", "012106", "R4.4.1", "", ""),
              ("S02", "南空知連携地域", "フラット型", "012106", "014231", "R4.4.1", "", "")], (2, "地域名", "E-64")),
        ],
    )  # fmt: skip
    def test_each_fault_names_its_cell(self, staff: Any, rows: list[Any], expected: tuple[int, str, str]):
        stands = [[*self.SOUTH, code, "R4.4.1", "", ""] for code in ("012106", "014231")]
        brought_in("I-08", book(REGIONS, *stands), staff)
        assert expected in found(checked("I-08", book(REGIONS, *rows), staff), staff)

    def test_a_region_that_ended_is_settled(self, staff: Any):
        towns = list(Municipality.objects.filter(prefecture="01").order_by("pk")[:2])
        region = RegionFactory(code="S01", members=towns, name="南空知連携地域", state=Region.State.ENDED)
        rows = [["S01", "別の名", "フラット型", region.lead_id, town.pk, "2022/4/1", "", ""] for town in towns]
        run = checked("I-08", book(REGIONS, *rows), staff)
        assert found(run, staff) == [(2, "地域コード", "E-20"), (3, "地域コード", "E-20")]
        assert sentences(run, staff)[0] == "確定済みのデータのため変更できません（南空知連携地域（終了））。"

    def test_members_of_a_formed_region_follow_its_agreement(self, staff: Any):
        towns = list(Municipality.objects.filter(pk__in=["012106", "014231"]).order_by("pk"))
        region = RegionFactory(code="S01", members=towns, name="南空知連携地域")
        newcomer = ["S01", "南空知連携地域", "フラット型", region.lead_id, "014281", "2023/4/1", "", ""]
        assert found(checked("I-08", book(REGIONS, newcomer), staff), staff) == [(2, "加入日", "E-20")]
        agreement = AgreementFactory(region=region, in_force_on=date(2023, 4, 1))
        AgreementConsent.objects.get_or_create(
            agreement=agreement, municipality_id="014281", defaults={"state": "done", "agreed_on": date(2023, 4, 1)}
        )
        run = brought_in("I-08", book(REGIONS, newcomer), staff)
        assert RegionMembership.objects.get(municipality="014281").agreement_id == agreement.pk
        leaving = ["S01", "南空知連携地域", "フラット型", region.lead_id, "014281", "2023/4/1", "2024/3/31", ""]
        assert found(checked("I-08", book(REGIONS, leaving), staff), staff) == [(2, "脱退日", "E-20")]
        assert counts(run) == (1, 0, 0, 0)

    def test_a_bureau_brings_in_the_regions_that_it_leads(self, staff: Any):
        bureau = saved(viewer(Duty.BS, bureau="sorachi"))
        rows = [[*self.SOUTH, code, "R4.4.1", "", ""] for code in ("012106", "012238")]
        assert counts(brought_in("I-08", book(REGIONS, *rows), bureau)) == (2, 0, 0, 0)
        other = saved(viewer(Duty.BS, bureau="nemuro"))
        assert found(checked("I-08", book(REGIONS, *rows), other), other) == [
            (2, "代表コード", "E-18"),
            (3, "代表コード", "E-18"),
        ]

    def test_a_planner_may_not(self, staff: Any):
        with pytest.raises(Exception, match="振興局 審査担当"):
            importing.start(book(REGIONS), kind="I-08", viewer=saved(viewer(Duty.MP)))

    def test_the_command_of_the_system_brings_in_and_takes_back(self, staff: Any):
        rows = [[*self.SOUTH, code, "R4.4.1", "", ""] for code in ("012106", "014231")]
        run = brought_in("I-08", book(REGIONS, *rows), SYSTEM)
        assert Region.objects.get().memberships.count() == 2
        importing.undo(run, SYSTEM)
        brought_in("I-06", book(ZONES, [*TestZones.SOUTH, "012106", "中心", "R7.3.26", ""]), SYSTEM)
        brought_in("I-07", book(HUBS, [PLAN, "012106", "地域中心都市", "", ""]), SYSTEM)
        assert (Region.objects.count(), ZoneMembership.objects.count(), HubDesignation.objects.count()) == (0, 1, 1)

    def test_a_region_with_work_in_it_is_not_taken_back(self, staff: Any):
        rows = [[*self.SOUTH, code, "R4.4.1", "", ""] for code in ("012106", "014231")]
        run = brought_in("I-08", book(REGIONS, *rows), staff)
        Project.objects.create(region_id="S01", code="1", name="除雪", from_fy=2022)
        with pytest.raises(Refused, match="取組"):
            importing.undo(run, staff)
        assert Region.objects.get().memberships.count() == 2
