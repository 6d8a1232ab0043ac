"""要件チェック on the real ground: 南空知 before and after its zone, what-if by links, nothing saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse

from common.viewer import Duty
from regions.models import Region
from subsidies.models import Application, Evaluation
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

from .published import published_db, reference_db  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("published_db")]
MINAMI_SORACHI = ["012092", "012106", "012220", "014231", "014249", "014273", "014281", "014290", "014303"]


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"
    call_command("createcachetable")


@pytest.fixture
def planner() -> Any:
    return client_for(saved(viewer(Duty.MP, municipality="014281")))


def ask(client: Any, **query: Any) -> str:
    answer = client.get(reverse("subsidies:check"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def members_of(region: str) -> list[str]:
    rows = Region.objects.get(pk=region).memberships.filter(left_on=None)
    return list(rows.order_by("municipality").values_list("municipality", flat=True))


def test_minami_sorachi_had_six_of_nine_until_its_own_zone_and_none_since(planner):
    codes = members_of("A01")
    assert len(codes) == 9
    before = ask(planner, member=codes, program="acceleration", year="R6", on="2024-04-01")
    assert "国の制度を使えない市町村は9のうち6で、1/2以上です" in before
    after = ask(planner, member=codes, program="acceleration", year="R6", on="2025-04-01")
    assert "国の制度を使えない市町村は、9市町村のうち0市町村です。" in after
    assert "あと9市町村で1/2要件を満たします" in after


def test_programs_stand_side_by_side(planner):
    page = ask(planner, member=members_of("A01"), program=["model", "acceleration", "successor"], year="令和5年度")
    for code in ("model", "acceleration", "successor"):
        assert f'id="answer-{code}"' in page
    assert "令和5年度は実施期間（平成27年度から令和元年度まで）を過ぎています" in page
    assert "あとで確かめること" in page


def test_a_neighbour_is_added_and_a_town_taken_out_by_plain_links(planner):
    page = ask(planner, member=["014001", "014010", "014079", "014087", "014095"], program="acceleration", year="R5")
    assert "あと1町村で1/2要件を満たします" in page
    link = next(part.split('"')[0] for part in page.split('href="') if "add=013994" in part.split('"')[0])
    assert "京極町を加える" in page
    added = planner.get(link.replace("&amp;", "&")).content.decode()
    assert "国の制度を使えない市町村は6のうち3で、1/2以上です" in added
    assert 'value="013994" data-town="013994" checked' in added
    assert "remove=013994" in added
    assert parse_qs(urlsplit(link).query)["member"][0] == "014001"


def test_the_hub_is_asked_for_by_type_and_must_be_registered(planner):
    codes = ["012238", "016918", "016926", "016934", "016942"]
    page = ask(planner, member=codes, program="model", year="H29", type="hub", hub="016926", series="ipss_h30")
    assert "中心都市の指定を登録してください（中標津町）。" in page


def test_history_says_where_the_towns_already_work_together(planner):
    page = ask(planner, member=["014281", "014290"], program="successor")
    assert "さっぽろ連携中枢都市圏（近隣）" in page
    assert "南空知圏域" in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"member": ["014281"]}, "構成市町村は2つ以上指定してください。"),
        (
            {"member": ["999999", "abc"], "program": "nonsense", "year": "いつか", "on": "昨日"},
            "2つ以上選ぶと判定します",
        ),
        ({"member": ["014281", "014290"], "series": "ipss_x"}, "将来推計人口の版「ipss_x」は登録されていません"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(planner, query, told):
    assert told in ask(planner, **query)


def test_a_town_starts_with_itself_and_everyone_may_ask(planner):
    assert 'value="014281" data-town="014281" checked' in ask(planner)
    for duty in Duty:
        assert client_for(saved(viewer(duty))).get(reverse("subsidies:check")).status_code == 200


def test_nothing_is_saved_and_the_answer_costs_few_queries(planner):
    query = {"member": MINAMI_SORACHI[:2], "program": "successor"}
    ask(planner, **query)
    few = queries_of(lambda: ask(planner, **query))
    seventeen = members_of("A04")
    ask(planner, **query | {"member": seventeen})  # draws the outlines of 後志 once
    assert len(queries_of(lambda: ask(planner, **query | {"member": seventeen}))) == len(few)
    every_page = queries_of(lambda: planner.get(reverse("portal:search")))
    assert len(few) - len(every_page) <= 15, "\n".join(sql[:160] for sql in few)
    assert not Application.objects.exists()
    assert not Evaluation.objects.exists()


def test_a_new_combination_is_registered_as_an_idea_and_goes_on_to_the_calls(planner):
    codes = ["014281", "014290", "012092"]
    assert "新しい組合せで始める" in ask(planner, member=codes)
    url = reverse("subsidies:check_propose")
    assert "夕張市" in planner.get(url, {"member": codes}).content.decode()
    assert planner.post(url, {"member": codes, "name": ""}).status_code == 422
    went = planner.post(url, {"member": codes, "name": "馬追・夕張連携地域（仮称）"})
    region = Region.objects.get(name="馬追・夕張連携地域（仮称）")
    assert went["Location"] == f"{reverse('subsidies:apply')}?region={region.pk}"
    assert (region.state, region.lead_id) == ("idea", "014281")
