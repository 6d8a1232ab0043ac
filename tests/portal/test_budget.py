"""The budget of the overview (庁内限り): who sees it, and that every number is right."""

import re

import pytest

from common.fiscal_year import FiscalYear
from common.viewer import Duty
from portal.overview import budget
from subsidies.budget_chart import BudgetLine, budget_chart
from tests.factories.subsidies import Scene
from tests.viewers import viewer


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_the_budget_is_known_inside_the_prefecture_only(scene):
    application = scene.application("submitted")
    year = FiscalYear(application.fiscal_year)
    for person, lines in [
        (viewer(Duty.HS), 1),
        (viewer(Duty.AU), 1),
        (viewer(Duty.BS, bureau="sorachi"), 1),
        (viewer(Duty.BS, bureau="nemuro"), 0),
        (viewer(Duty.MP, municipality="014281"), 0),
        (viewer(Duty.AD), 0),
        (viewer(Duty.OB), 0),
    ]:
        assert len(budget("01", year, person)) == lines, person.office


def test_the_budget_tells_what_is_granted_reviewed_and_left(scene):
    application = scene.application("submitted")
    allotment = application.call.allotments.get(bureau="sorachi")
    [line] = budget("01", FiscalYear(application.fiscal_year), viewer(Duty.HS))
    assert (line.allotted_yen, line.reviewed_yen) == (allotment.amount_yen, application.requested_yen)
    assert line.left_yen == allotment.amount_yen - allotment.committed_yen


def test_the_chart_writes_every_number_and_escapes_names():
    lines = [
        BudgetLine("空知<総合>振興局", 20_000_000, 12_000_000, 0),
        BudgetLine("根室振興局", 5_000_000, 100_000, 4_000_000),
    ]
    drawn = budget_chart(lines, label="令和8年度")
    assert "空知&lt;総合&gt;振興局" in drawn
    for words in ("決定 12,000", "残 8,000／配当 20,000", "審査中 4,000", "決定 100"):
        assert words in drawn


def test_a_bar_leaves_room_for_every_word_beside_it():
    drawn = budget_chart([BudgetLine("根室振興局", 10_000_000, 1_158_000, 42_000)], label="令和7年度")
    beside = re.search(r'<text class="num" x="([\d.]+)" y="[\d.]+">(残[^<]+)</text>', drawn)
    assert beside is not None
    assert beside[2] == "残 8,842／配当 10,000　決定 1,158　審査中 42"
    assert float(beside[1]) + 8.5 * len(beside[2]) + 6 * sum(sign > "　" for sign in beside[2]) < 1093
