"""連携先を探す: a town sees its partners at once; a wrong question keeps what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from common.tasks import run_next, worker_name
from common.viewer import Duty
from regions.models import Region
from subsidies.models import Application, RuleSetVersion
from subsidies.partners.finder import Finder, Ready
from tests.queries import queries_of
from tests.subsidies.published import published_db, reference_db  # noqa: F401
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database, pytest.mark.usefixtures("published_db")]
URL = reverse("subsidies:check_partners")
NEMURO, UTASHINAI = "012238", "012271"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"
    cache.clear()


def page(person: Any, query: str = "") -> Any:
    response = client_for(saved(person)).get(URL + query)
    assert response.status_code == 200
    return response


def test_a_town_that_opens_the_page_reads_its_own_partners():
    response = page(viewer(Duty.MP, municipality=NEMURO))
    assert response.context["answer"].ask.given == (NEMURO,)
    assert all(("根室市", True) in line["members"] for line in response.context["lines"])
    assert "通りを調べました" in response.content.decode()


def test_a_bureau_starts_among_its_own_municipalities():
    response = page(viewer(Duty.BS, bureau="nemuro"))
    answer = response.context["answer"]
    assert (answer.ask.given, answer.ask.within) == ((), "nemuro")
    assert {member.bureau for item in answer.proposals for member in item.members} == {"nemuro"}


def test_each_proposal_leads_to_its_verdict_in_full():
    response = page(viewer(Duty.MP, municipality=NEMURO))
    line = response.context["lines"][0]
    checked = client_for(saved(viewer(Duty.MP, municipality=NEMURO))).get(line["checked"])
    assert "地域の要件をすべて満たしています" in checked.content.decode()


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("?year=いつか&member=012238", "年度"),
        ("?year=R8&program=none&member=012238", "制度「none」"),
        ("?year=R8&member=012239", "検査数字"),
        ("?year=R8&member=012238&largest=99", "2から8まで"),
        ("?year=R8&member=012238&within=none", "振興局「none」"),
        ("?year=R8&member=012238&within=sorachi", "管内にありません"),
        ("?year=R8&member=012238&field=観光", "対象外"),
        ("?year=R8&remote=2", "起点の市町村"),
    ],
)
def test_a_wrong_question_is_answered_in_words_and_stays_as_typed(query: str, part: str):
    response = page(viewer(Duty.MP, municipality=NEMURO), query)
    text = response.content.decode()
    assert part in text
    assert response.context["lines"] == []
    assert f'value="{query.split("=")[1].split("&")[0]}"' in text or "R8" in text


def test_a_longer_list_is_one_link_away():
    first = page(viewer(Duty.HS), "?year=R8&program=successor&largest=3")
    longer = client_for(saved(viewer(Duty.HS))).get(first.context["more"])
    assert len(first.context["lines"]) == 20
    assert len(longer.context["lines"]) > 20
    assert longer.context["lines"][:20] == first.context["lines"]


def test_nothing_is_saved_and_the_queries_do_not_grow_with_the_search():
    before = (Region.objects.count(), Application.objects.count())
    client = client_for(saved(viewer(Duty.MP, municipality=NEMURO)))
    client.get(URL)
    small = queries_of(lambda: client.get(f"{URL}?year=R8&member={UTASHINAI}&largest=3"))
    large = queries_of(lambda: client.get(f"{URL}?year=R8&member={UTASHINAI}&largest=6&more=1"))
    assert len(small) == len(large) <= 25, "\n".join(large)
    assert (Region.objects.count(), Application.objects.count()) == before


def test_those_without_the_duty_read_whose_work_it_is():
    response = client_for(saved(viewer(Duty.MF, municipality=NEMURO))).get(URL)
    assert response.status_code == 403


def test_the_same_question_is_not_searched_twice(monkeypatch: pytest.MonkeyPatch):
    searched: list[str] = []
    run = Ready.run
    monkeypatch.setattr(Ready, "run", lambda self, *tell: searched.append(self.key) or run(self, *tell))
    person = viewer(Duty.MP, municipality=NEMURO)
    first, again = page(person, "?year=R8&member=012238"), page(person, "?year=R8&member=012238")
    assert len(searched) == 1
    assert first.context["lines"] == again.context["lines"]
    Region.objects.create(
        code="X", name="新しい地域", prefecture_id="01", state="formed", lead_id=NEMURO, secretariat_id=NEMURO,
        lead_bureau_id="nemuro",
    ).memberships.create(municipality_id=NEMURO, joined_on="2026-01-01")  # fmt: skip
    page(person, "?year=R8&member=012238")
    assert len(searched) == 2, "the groups of towns have changed, and with them the reasons"


def test_another_version_of_the_rules_is_another_question():
    finder = Finder("01")
    ask = finder.read({"program": "successor", "fiscal_year": 2026, "given": NEMURO, "largest": 3})
    before = finder.prepare(ask).key
    assert Finder("01").prepare(ask).key == before
    first = RuleSetVersion.objects.get(program="successor")
    RuleSetVersion.objects.create(
        program=first.program, version=2, state="published", effective_from_fy=2026,
        content=first.content | {"version": 2}, published_at=first.published_at,
    )  # fmt: skip
    assert Finder("01").prepare(ask).key != before


def test_a_large_search_is_the_workers_and_its_answer_is_kept():
    person = saved(viewer(Duty.MP, municipality=NEMURO))
    client = client_for(person)
    query = "?year=R8&member=012238&largest=8"
    followed = client.get(URL + query)
    assert followed.status_code == 302
    assert run_next(worker_name(), heartbeat=False)
    task = client.get(followed.url).context["task"]
    assert task.state == "done", task.error
    answer = client.get(task.result["url"]).context["answer"]
    assert answer.ask.largest == 8
    assert answer.searched > 6_000
    assert len(answer.proposals) == 20
    assert client.get(URL + query).status_code == 200


def test_two_clicks_on_a_large_search_are_one_task():
    client = client_for(saved(viewer(Duty.HS)))
    query = "?year=R8&largest=8&within="
    assert client.get(URL + query).url == client.get(URL + query).url
