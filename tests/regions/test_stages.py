"""Where regions stand in each field: readings, confirmation, opinions, and the matrix of a day and the year before."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import Refused
from common.viewer import Duty
from regions import services
from regions.models import Region, StageAssessment
from regions.services import ReadingDraft
from regions.stage_matrix import matrix_of, summary_of, year_before
from tests.factories.regions import FieldFactory
from tests.viewers import saved, viewer

DAY = date(2026, 10, 1)
READING = ReadingDraft("disaster", "municipal", 2, "共同訓練が毎年続いている")


def read(world, stage, day, track="municipal"):
    draft = ReadingDraft("disaster", track, stage, "会議録")
    return services.assess_stages(world.region.pk, [draft], assessed_on=day, viewer=world.reviewer())[0]


def matrix(world, on=DAY):
    readings = StageAssessment.objects.by(on).select_related("field", "region")
    return matrix_of(Region.objects.order_by("code"), readings, on)


def test_the_lead_bureau_reads_several_fields_at_once_and_the_concurring_one_does_not(world):
    FieldFactory(code="medical", name="医療")
    drafts = [READING, ReadingDraft("medical", "prefecture", 1, "意見交換を始めた")]
    rows = services.assess_stages(world.region.pk, drafts, assessed_on=DAY, viewer=world.reviewer())
    assert [(row.field_id, row.stage, row.confirmed_on) for row in rows] == [
        ("disaster", 2, None),
        ("medical", 1, None),
    ]
    for person in (world.reviewer(world.nemuro), world.planner(), world.staff()):
        with pytest.raises(PermissionDenied):
            services.assess_stages(world.region.pk, drafts, assessed_on=DAY, viewer=person)


@pytest.mark.parametrize(
    ("drafts", "on", "sentence"),
    [
        ([], DAY, "1つ以上"),
        ([ReadingDraft("nothing", "municipal", 1, "会議録")], DAY, "分野"),
        ([ReadingDraft("disaster", "other", 1, "会議録")], DAY, "道と市町村"),
        ([ReadingDraft("disaster", "municipal", 4, "会議録")], DAY, "1から3"),
        ([ReadingDraft("disaster", "municipal", 1, " ")], DAY, "防災（市町村間の連携）：根拠"),
        ([READING], date(2026, 11, 22), "将来"),
        ([READING, ReadingDraft("disaster", "prefecture", 1, "")], DAY, "根拠"),
    ],
)
def test_readings_are_written_all_or_none(world, drafts, on, sentence):
    with pytest.raises(Refused, match=sentence):
        services.assess_stages(world.region.pk, drafts, assessed_on=on, viewer=world.reviewer())
    assert not StageAssessment.objects.exists()


def test_the_decider_confirms_and_a_new_reading_of_that_day_waits_again(world):
    read(world, 2, DAY)
    for person in (world.reviewer(), world.staff(), world.planner()):
        with pytest.raises(PermissionDenied):
            services.confirm_stages(world.region.pk, viewer=person)
    with pytest.raises(PermissionDenied):
        services.confirm_stages(world.region.pk, viewer=world.head(world.nemuro))
    assert services.confirm_stages(world.region.pk, viewer=world.head()) == 1
    with pytest.raises(Refused, match="確認を待つ評価"):
        services.confirm_stages(world.region.pk, viewer=world.decider())
    assert read(world, 1, DAY).confirmed_on is None, "a stage may come down, and is confirmed anew"
    assert services.confirm_stages(world.region.pk, viewer=world.decider()) == 1


def test_members_and_headquarters_say_something_and_others_do_not(world):
    services.comment_stages(world.region.pk, "訓練はまだ1回", field="disaster", viewer=world.planner())
    services.comment_stages(world.region.pk, "根拠を足して", viewer=world.staff())
    assert [row.field_id for row in world.region.stage_comments.all()] == ["disaster", None]
    for person in (world.planner(world.kuriyama), world.reviewer(), world.approver(), saved(viewer(Duty.OB))):
        with pytest.raises(PermissionDenied):
            services.comment_stages(world.region.pk, "意見", viewer=person)
    with pytest.raises(Refused, match="意見を入力"):
        services.comment_stages(world.region.pk, " ", viewer=world.planner())
    with pytest.raises(Refused, match="登録されていない分野"):
        services.comment_stages(world.region.pk, "意見", field="nothing", viewer=world.planner())


@pytest.mark.parametrize(("then", "now", "change"), [(1, 2, "up"), (2, 2, "same"), (2, 1, "down"), (None, 1, "new")])
def test_a_cell_shows_the_newest_reading_and_what_became_of_it_in_a_year(world, then, now, change):
    if then:
        read(world, then, date(2025, 10, 1))
    read(world, now, date(2026, 9, 1))
    reading = matrix(world).rows[0].cells[0].municipal
    assert (reading.stage, reading.was, reading.change, reading.confirmed) == (now, then, change, False)


def test_readings_after_the_day_do_not_count_and_a_track_may_have_none(world):
    read(world, 1, date(2026, 9, 1))
    read(world, 3, date(2026, 10, 2))
    cell = matrix(world).rows[0].cells[0]
    assert cell.text == "1／－"
    assert matrix(world, date(2026, 8, 31)).fields == []
    assert matrix(world, date(2026, 10, 2)).rows[0].cells[0].text == "3／－"


def test_a_year_before_the_leap_day_is_the_end_of_february():
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(date(2026, 11, 21)) == date(2025, 11, 21)


def test_the_summary_counts_regions_and_leaves_out_what_is_not_confirmed(world):
    read(world, 2, date(2026, 9, 1))
    rows = summary_of(matrix(world))
    assert [(row.field, row.track, row.counts) for row in rows] == [("防災", "市町村間の連携", (0, 1, 0))]
    assert summary_of(matrix(world), confirmed=True) == []


def test_towns_and_bureaus_see_the_readings_of_their_own_regions(world):
    row = read(world, 2, DAY)
    for person, sees in [
        (world.planner(), True),
        (world.planner(world.kuriyama), False),
        (world.reviewer(), True),
        (world.reviewer(world.nemuro), False),
        (world.staff(), True),
        (saved(viewer(Duty.OB)), False),
    ]:
        assert list(StageAssessment.objects.visible_to(person)) == ([row] if sees else []), person.office
    services.confirm_stages(world.region.pk, viewer=world.head())
    assert StageAssessment.objects.visible_to(saved(viewer(Duty.OB))).count() == 1
