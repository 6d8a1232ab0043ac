"""利用者と役割: a town and a bureau look up their own, headquarters and auditors everyone."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Post
from common.viewer import Duty, Viewer
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer


@pytest.fixture
def people(db: None) -> dict[str, Viewer]:
    return {
        "長沼 企画": saved(viewer(Duty.MP, municipality="014281", name="長沼 企画")),
        "根室 企画": saved(viewer(Duty.MP, municipality="012238", name="根室 企画")),
        "空知 審査": saved(viewer(Duty.BS, bureau="sorachi", name="空知 審査")),
    }


def names(client, **query: str) -> set[str]:
    return {str(post.user) for post in client.get("/people/", query).context["page_obj"]}


def test_a_town_looks_up_its_own_people(people: dict[str, Viewer]):
    found = names(client_for(viewer(Duty.MA, municipality="014281", name="長沼 承認")))
    assert found == {"長沼 企画", "長沼 承認"}


def test_a_bureau_looks_up_its_own_people(people: dict[str, Viewer]):
    assert names(client_for(viewer(Duty.BM, bureau="sorachi", name="空知 局長"))) == {"空知 審査", "空知 局長"}


@pytest.mark.parametrize("duty", [Duty.HS, Duty.HM, Duty.AU, Duty.AD])
def test_headquarters_auditors_and_the_administrator_look_up_everyone(duty: Duty, people: dict[str, Viewer]):
    assert names(client_for(viewer(duty))) >= set(people)


def test_whose_post_ended_is_gone(people: dict[str, Viewer]):
    Post.objects.filter(user=people["根室 企画"].user_id).update(valid_to=date(2026, 3, 31))
    assert "根室 企画" not in names(client_for(viewer(Duty.AU)))


@pytest.mark.parametrize(("words", "found"), [("根室", {"根室 企画"}), ("空知総合", {"空知 審査"}), ("いない", set())])
def test_words_narrow_by_person_and_office(words: str, found: set[str], people: dict[str, Viewer]):
    assert names(client_for(viewer(Duty.AU, name="監査")), q=words) == found


def test_many_people_ask_no_more_than_few(people: dict[str, Viewer]):
    def grow() -> None:
        for number in range(60):
            saved(viewer(Duty.MP, municipality="014281", name=f"増員{number}"))

    assert_same_queries(client_for(viewer(Duty.AU)), "/people/", grow)
