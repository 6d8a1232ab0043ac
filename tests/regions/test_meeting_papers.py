"""The three parts of D-26: conforming, complete, and filled from rows with a constant number of queries."""

from __future__ import annotations

from datetime import date

import pytest

from common.documents import Mark, freeze
from regions.models import Attendance, ConferenceMeeting, OpenPoint
from regions.papers.meeting import PARTS
from tests.factories.regions import ConferenceMeetingFactory, ConferenceMemberFactory
from tests.queries import queries_of

from ..common.pdf import drawn_clean, pages_of, text_of
from . import meeting_samples as samples

pytestmark = pytest.mark.either_database

SAID = {
    "D-26": ("次第", "令和8年10月20日13:30～15:00", "説明事務局", "資料１前進プラン（案）", "令和7年10月7日の会議から"),
    "D-26b": ("出席者名簿", "出席1、代理1（構成員3）", "企画係長デモ", "傍聴2名"),
    "D-26c": (
        "議事録",
        "出席20、代理3、欠席1",
        "単独では続けにくい事務",
        "(2)進み具合を毎年確かめる。",
        "完了",
        "4通信機器の更新",
    ),
}


@pytest.mark.parametrize("kind", sorted(samples.PLAIN))
def test_each_part_conforms_and_says_what_it_must(kind: str, caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(kind, freeze(samples.PLAIN[kind]()), caplog))
    for said in SAID[kind]:
        assert said in text, said


@pytest.mark.parametrize("case", sorted(samples.HARD))
def test_a_hard_case_conforms_and_every_page_of_a_draft_says_so(case: str, caplog: pytest.LogCaptureFixture):
    data = drawn_clean(case.split()[0], freeze(samples.HARD[case]()), caplog, Mark.DRAFT)
    assert all("案" in page for page in pages_of(data))


def test_a_meeting_without_outcome_says_why(caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean("D-26c", freeze(samples.HARD["D-26c empty"]()), caplog))
    assert "なし（理由：顔合わせのため）" in text
    assert "議事録の確認未確認" in text


@pytest.mark.parametrize("kind", sorted(PARTS))
def test_a_part_is_filled_in_as_many_queries_for_two_members_as_for_thirty(kind: str, world):
    def asked(members: int, points: int) -> int:
        first = ConferenceMeetingFactory(
            bureau=world.sorachi, planned_on=date(2026, 9, 1), held_on=date(2026, 9, 1), state="held"
        )
        made = ConferenceMeetingFactory(
            bureau=world.sorachi,
            planned_on=date(2026, 10, 1),
            held_on=date(2026, 10, 1),
            state="held",
            items=[f"議題{n}" for n in range(points)],
            decided=[f"決定{n}" for n in range(points)],
        )
        start = OpenPoint.objects.count()
        for n in range(points):
            OpenPoint.objects.create(bureau=world.sorachi, raised_at=first, number=start + n + 1, text="論点")
        for _ in range(members):
            member = ConferenceMemberFactory(bureau=world.sorachi)
            Attendance.objects.create(meeting=made, member=member, state="present")
        meeting = ConferenceMeeting.objects.select_related("bureau", "equivalent_zone").get(pk=made.pk)
        return len(queries_of(lambda: freeze(PARTS[kind](meeting))))

    assert asked(2, 1) == asked(30, 20)
