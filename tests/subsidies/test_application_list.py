"""The list of applications: who sees which rows, in which order, and the same rows as a sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from common import clock
from common.viewer import Duty, Viewer
from subsidies.models import Application
from subsidies.states import GROUPS, State
from tests import exports
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db
URL = reverse("subsidies:application_list")
SignIn = Callable[[Viewer], Client]


def copies(one: Application, number: int, **values: object) -> list[Application]:
    """Rows beside one that was told through the services: as many more applications of the same call."""
    first = Application.objects.filter(call=one.call).order_by("-serial").values_list("serial", flat=True)[0] + 1
    rows = []
    for serial in range(first, first + number):
        row = Application.objects.get(pk=one.pk)
        row.pk, row.serial, row.number = None, serial, f"X-{serial:05d}"
        for name, value in values.items():
            setattr(row, name, value)
        rows.append(row)
    return Application.objects.bulk_create(rows)


def shown(client: Client, **query: str) -> list[Application]:
    response = client.get(URL, query)
    assert response.status_code == 200
    return list(response.context["page"].object_list)


def export(client: Client, form: str, **query: str) -> bytes:
    url = reverse("subsidies:application_export", query=query or None)
    return exports.written(client, url, form)


def test_the_page_asks_as_often_for_200_rows_as_for_2(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    copies(one, 1)
    assert_same_queries(client_for(scene.reviewer()), URL, lambda: copies(one, 198))


def test_a_town_reads_no_counts_and_its_own_words(client_for: SignIn):
    scene = Scene()
    scene.application("bureau_review")
    page = client_for(scene.planner()).get(URL).content.decode()
    assert "審査中" in page
    assert "不適合" not in page
    assert "要判断" not in page
    office = client_for(scene.reviewer()).get(URL).content.decode()
    assert "要審査" in office
    assert "不適合" in office


@pytest.mark.parametrize("duty", [Duty.AD, Duty.OB])
def test_who_has_no_business_with_applications_reads_why(client_for: SignIn, duty: Duty):
    answer = client_for(viewer(duty)).get(URL)
    assert answer.status_code == 403
    assert "申請の一覧" in answer.content.decode()


def test_filters_narrow_and_stand_in_the_address(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    granted, other_year = copies(one, 2)
    Application.objects.filter(pk=granted.pk).update(state=State.RUNNING, granted_yen=5_000_000)
    Application.objects.filter(pk=other_year.pk).update(fiscal_year=2025)
    client = client_for(scene.staff())
    assert shown(client) == [other_year, granted, one]
    assert shown(client, group="review", year="2026") == [one]
    assert shown(client, group="granted") == [granted]
    assert shown(client, turn="mine") == []
    assert {row.pk for row in shown(client, turn="others")} == {one.pk, other_year.pk}
    assert shown(client, q="由仁") == [one]
    assert {row.pk for row in shown(client, q="栗山連携")} == {one.pk, granted.pk, other_year.pk}
    assert shown(client, q="由仁 釧路") == []
    assert shown(client, program="model") == shown(client)  # a choice that is not offered narrows nothing
    assert "条件に合う申請はありません" in client.get(URL, {"q": "釧路"}).content.decode()


def test_every_state_belongs_to_one_group():
    grouped = [state for group in GROUPS.values() for state in group.states]
    assert sorted(grouped) == sorted(State)


@pytest.mark.parametrize(("order", "first"), [("requested", 1_000), ("-requested", 9_000)])
def test_heads_sort_both_ways_and_rows_without_a_value_come_last(client_for: SignIn, order: str, first: int):
    scene = Scene()
    one = scene.application("bureau_review")
    low, high = copies(one, 1, requested_yen=1_000) + copies(one, 1, requested_yen=9_000)
    Application.objects.filter(pk=one.pk).update(requested_yen=5_000)
    client = client_for(scene.staff())
    assert shown(client, sort=order)[0].requested_yen == first
    Application.objects.filter(pk=high.pk).update(granted_yen=1)
    assert shown(client, sort="granted")[0] == high
    assert shown(client, sort="-granted")[0] == high
    assert shown(client, sort="nonsense") == [high, low, one]


def test_due_dates_sort_by_what_is_due_in_each_state(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")  # decision expected in 40 days
    returned, granted = copies(one, 2)
    soon = clock.today() + timedelta(days=2)
    Application.objects.filter(pk=returned.pk).update(state=State.RETURNED, due_on=soon)
    Application.objects.filter(pk=granted.pk).update(state=State.RUNNING, granted_yen=1)
    rows = shown(client_for(scene.staff()), sort="due")
    assert rows == [returned, one, granted]
    assert [row.due for row in rows] == [soon, scene.call.decision_expected_on, None]


def test_a_page_past_the_end_shows_the_last_one(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    copies(one, 60)
    page = client_for(scene.staff()).get(URL, {"page": "99"})
    assert "61件中 51–61件" in page.content.decode()


def test_what_is_written_out_is_what_is_shown(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    copies(one, 3, requested_yen=1_234_000)
    client = client_for(scene.reviewer())
    query = {"sort": "-requested", "group": "review"}
    rows = shown(client, **query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(export(client, "xlsx", **query)))
    head, *lines = book.get_sheet_by_index(0).to_python()
    assert [line[head.index("申請番号")] for line in lines] == [row.number for row in rows]
    assert [line[head.index("申請額（円）")] for line in lines] == [row.requested_yen for row in rows]
    assert [line[head.index("状態")] for line in lines] == [row.badge.label for row in rows]
    assert [line[head.index("期限")] for line in lines] == [row.due for row in rows]
    assert [line[head.index("要判断（件）")] for line in lines] == [row.judge_count for row in rows]
    text = export(client, "utf8", **query).decode("utf-8-sig")
    assert [line["申請番号"] for line in csv.DictReader(io.StringIO(text))] == [row.number for row in rows]
    assert export(client, "cp932", **query).decode("cp932") == text


def test_all_pages_are_written_out(client_for: SignIn):
    scene = Scene()
    one = scene.application("bureau_review")
    copies(one, 60)
    assert len(export(client_for(scene.staff()), "utf8").splitlines()) == 62


def test_a_town_writes_out_no_counts(client_for: SignIn):
    scene = Scene()
    scene.application("bureau_review")
    head = export(client_for(scene.planner()), "utf8").decode("utf-8-sig").splitlines()[0]
    assert "要判断" not in head
    assert "不適合" not in head


def test_a_stranger_finds_nothing(client_for: SignIn):
    Scene().application("bureau_review")
    assert shown(client_for(viewer(Duty.MP, municipality="012238"))) == []
    assert shown(client_for(viewer(Duty.BS, bureau="nemuro"))) == []
    assert len(export(client_for(saved(viewer(Duty.BS, bureau="nemuro"))), "utf8").splitlines()) == 1
