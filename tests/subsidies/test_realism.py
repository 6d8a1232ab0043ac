"""Questions on figures: on, just under and just over each edge; shown to reviewers, never to towns."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.urls import reverse

from subsidies.models import Application, CostLine
from subsidies.realism import cap_question, change_question, median_yen, price_question, questions_for, shares
from tests.factories.subsidies import Scene
from tests.viewers import client_for

CAP = 10_000_000


@pytest.mark.parametrize(
    ("requested", "said"),
    [(9_499_000, ""), (9_500_000, "95.0％"), (9_870_000, "98.7％"), (10_000_000, "100.0％"), (10_001_000, "")],
)
def test_a_request_near_the_cap_is_asked_about(requested, said):
    question = cap_question(requested, CAP, shares().cap)
    assert said in question
    assert bool(question) == bool(said)


def test_without_a_cap_nothing_is_asked():
    assert cap_question(1, None, Fraction(1, 2)) == ""


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, ""),
        (5_001_000, ""),
        (5_000_000, "20.0％増えています"),
        (7_500_000, "20.0％減っています"),
        (7_499_000, ""),
    ],
)
def test_a_change_of_a_fifth_is_asked_about(before, said):
    question = change_question(6_000_000, before, 2026, shares().year_change)
    assert said in question
    assert bool(question) == bool(said)
    if said:
        assert "前年度（令和7年度）" in question


def test_the_median_of_an_even_number_is_cut_off_to_whole_yen():
    assert (median_yen([3, 1, 2]), median_yen([4, 1, 2, 8])) == (2, 3)


@pytest.mark.parametrize(
    ("price", "peers", "asked"),
    [
        (180_000, [110_000, 120_000, 130_000], True),
        (179_999, [110_000, 120_000, 130_000], False),
        (60_000, [110_000, 120_000, 130_000], True),
        (500_000, [110_000, 120_000], False),
        (None, [110_000, 120_000, 130_000], False),
    ],
)
def test_a_unit_price_far_from_the_median_of_others_is_asked_about(price, peers, asked):
    line = CostLine(category="reward", description="講師謝金", unit="回", unit_price_yen=price)
    question = price_question(line, peers, shares())
    assert bool(question) == asked
    if asked:
        assert "ほかの地域の同じ節・単位の中央値は120,000円（3件）" in question


@pytest.mark.django_db
def test_reviewers_are_asked_and_towns_are_not(django_assert_num_queries):
    scene = Scene()
    application = scene.application("bureau_review", grant_yen=9_870_000)
    [question] = questions_for([Application.objects.get(pk=application.pk)])[application.pk]
    assert "98.7％" in question
    loaded = list(Application.objects.select_related("call__ruleset", "evaluation"))
    with django_assert_num_queries(2):  # no line has a unit price: other regions are not asked for theirs
        questions_for(loaded)
    review = reverse("subsidies:application_review", args=[application.pk])
    own = reverse("subsidies:application_detail", args=[application.pk])
    assert question in client_for(scene.reviewer()).get(review).content.decode()
    assert "確かめたいこと" not in client_for(scene.planner()).get(own).content.decode()
