"""自走化の状況 as numbers: what an association reads of every public region, and never an answer or a case."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty, Viewer
from regions.models import Region
from subsidies.follow_up_summary import Tally, summary_of
from subsidies.models import FollowUp
from tests.exports import rows as written_rows
from tests.factories.municipalities import BureauFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def scene() -> Scene:
    return Scene()


def answered(scene: Scene, name: str, year: int, *, continues: bool, national: bool = False) -> FollowUp:
    row = asked(scene, name, year)
    row.continues, row.national_scheme, row.answered_at = continues, national, clock.now()
    row.funding, row.answered_by_id = "各町の一般財源", scene.approver().user_id
    row.save()
    return row


def asked(scene: Scene, name: str, year: int) -> FollowUp:
    one = scene.__dict__.setdefault("_grant", None) or scene.application("granted")
    scene.__dict__["_grant"] = one
    projects = {project.name: project for project in scene.region.projects.all()}
    project = projects.get(name) or scene.add_project(name)
    return FollowUp.objects.create(application=one, project=project, fiscal_year=year)


def association() -> Viewer:
    return saved(viewer(Duty.OB))


def test_numbers_by_year_program_and_region(scene: Scene):
    answered(scene, "新規採用職員の合同研修", YEAR, continues=True, national=True)
    answered(scene, "共同の図書館", YEAR, continues=False)
    asked(scene, "共同の防災訓練", YEAR)
    asked(scene, "共同の防災訓練", YEAR + 1)  # its year has not begun
    found = summary_of(association())
    assert [(line.title, line.tally) for line in found.years] == [
        (FiscalYear(YEAR).wareki, Tally(asked=3, goes_on=1, national=1, ended=1))
    ]
    (region,) = found.regions
    assert (region.region, region.tally.answered, region.tally.waiting) == (scene.region.pk, 2, 1)


def test_a_program_counts_each_initiative_once_by_its_newest_answer(scene: Scene):
    answered(scene, "共同の図書館", YEAR - 1, continues=True)
    answered(scene, "共同の図書館", YEAR, continues=False)
    answered(scene, "共同の防災訓練", YEAR - 1, continues=True)
    asked(scene, "共同の防災訓練", YEAR)
    found = summary_of(association())
    assert [line.tally for line in found.programs] == [Tally(asked=2, goes_on=1, ended=1)]
    assert [line.year for line in found.years] == [YEAR, YEAR - 1]


def test_an_association_reads_numbers_and_no_answer(scene: Scene):
    row = answered(scene, "共同の図書館", YEAR, continues=True)
    client = client_for(association())
    page = client.get(reverse("subsidies:follow_up_summary"))
    said = page.content.decode()
    assert scene.region.name in said
    assert row.funding not in said
    assert 'href="/follow-ups/"' not in said
    assert client.get(reverse("subsidies:follow_up_detail", args=[row.pk])).status_code in (403, 404)
    (line,) = written_rows(client, reverse("subsidies:follow_up_summary_export"))
    assert (line["連携地域"], line["続いている"], line["未回答"]) == (scene.region.name, "1", "0")
    Region.objects.filter(pk=scene.region.pk).update(state="idea")
    assert summary_of(association()).regions == []


def test_a_bureau_counts_what_it_may_know_and_a_town_nothing(scene: Scene):
    asked(scene, "共同の図書館", YEAR)
    assert summary_of(scene.reviewer()).regions
    BureauFactory(code="soya", name="宗谷総合振興局")
    assert summary_of(saved(viewer(Duty.BS, bureau="soya"))).regions == []
    assert client_for(scene.planner()).get(reverse("subsidies:follow_up_summary")).status_code == 403


def test_the_page_asks_the_same_number_of_questions_for_two_lines_and_for_ten(scene: Scene):
    client, url = client_for(association()), reverse("subsidies:follow_up_summary")

    def more() -> None:
        for year in range(YEAR - 8, YEAR):
            asked(scene, "共同の図書館", year)

    asked(scene, "共同の図書館", YEAR)
    assert_same_queries(client, url, more)
