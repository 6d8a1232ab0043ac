"""D-25: conforming, complete, and filled from rows with a constant number of queries."""

from __future__ import annotations

from datetime import date

import pytest

from common.documents import Mark, freeze
from regions.models import ForwardPlan, ForwardPlanInitiative, ForwardPlanRegion, StageAssessment
from regions.papers.plan import PAPER, plan_paper
from tests.factories.regions import ForwardPlanFactory, RegionFactory
from tests.queries import queries_of

from ..common.pdf import drawn_clean, pages_of, text_of
from . import plan_samples as samples

pytestmark = pytest.mark.either_database
SAID = ("広域連携前進プラン", "令和8年度から令和12年度まで", "空知地域広域連携検討会議（令和8年10月20日）", "長沼町、栗山町",
        "３分野別の取組（２件）", "分野によらないもの", "合同防災訓練", "2／1", "後ろ倒しも認める")  # fmt: skip


def test_the_plan_conforms_and_says_what_it_must(caplog: pytest.LogCaptureFixture):
    text = text_of(drawn_clean(PAPER, freeze(samples.plan()), caplog))
    for said in SAID:
        assert said in text, said


@pytest.mark.parametrize("case", sorted(samples.HARD))
def test_a_hard_case_conforms_and_every_page_of_a_draft_says_so(case: str, caplog: pytest.LogCaptureFixture):
    data = drawn_clean(PAPER, freeze(samples.HARD[case]()), caplog, Mark.DRAFT)
    assert all("案" in page for page in pages_of(data))


def test_the_paper_is_filled_in_as_many_queries_for_one_region_as_for_ten(world):
    def asked(regions: int) -> int:
        made = ForwardPlanFactory(bureau=world.sorachi, version=ForwardPlan.objects.count() + 1)
        for number in range(regions):
            region = RegionFactory(members=[world.naganuma, world.yuni], lead_bureau=world.sorachi)
            ForwardPlanRegion.objects.create(plan=made, region=region)
            ForwardPlanInitiative.objects.create(
                plan=made, number=number + 1, name="訓練", field=world.disaster, region=region
            )
            StageAssessment.objects.create(
                region=region, field=world.disaster, track="municipal", stage=2, assessed_on=date(2026, 10, 1),
                evidence="会議録", assessed_by_id=world.reviewer().person,
            )  # fmt: skip
        plan = ForwardPlan.objects.select_related("bureau", "equivalent_zone", "discussed_at").get(pk=made.pk)
        return len(queries_of(lambda: freeze(plan_paper(plan))))

    assert asked(1) == asked(10)
