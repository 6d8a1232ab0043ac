"""The pages of erasing: the dry run, the way from an erased case to its line, the register for whoever might read."""

from __future__ import annotations

from datetime import date

from common.models import Notice
from common.viewer import Duty
from portal.models import Erased
from portal.retention.waiting import lists_waiting
from subsidies.models import Application
from tests.factories.regions import VisionFactory
from tests.factories.subsidies import Scene
from tests.portal.test_erasing import carried_out, decided_list, second, told_case, work_off
from tests.portal.test_retention import closed_case, head
from tests.queries import assert_same_queries
from tests.viewers import client_for, saved, viewer

OLD = date(2005, 4, 1)


def test_the_dry_run_counts_and_erases_nothing(db: None):
    application = told_case(Scene())
    made = decided_list()
    page = client_for(second()).get(f"/retention/lists/{made.pk}/erase/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "この画面を開いただけでは何も消えません" in text
    assert "経費" in text
    assert "消去を行う" in text
    assert page.context["sums"].files == 1
    assert page.context["sums"].bytes > 0
    assert Application.objects.get(pk=application.pk).purpose
    decider = client_for(head()).get(f"/retention/lists/{made.pk}/erase/").content.decode()
    assert "消去は、本庁 審査担当が行います" in decider
    assert 'name="count"' not in decider


def test_from_the_dry_run_to_the_line_that_is_left(db: None):
    application = told_case(Scene())
    made = decided_list()
    assert [item.label for item in lists_waiting(second())] == ["要消去"]
    client = client_for(second())
    wrong = client.post(f"/retention/lists/{made.pk}/erase/", {"count": "5"})
    assert wrong.status_code == 422
    assert "消去する件数が違います" in wrong.content.decode()
    assert client.post(f"/retention/lists/{made.pk}/erase/", {"count": "3件"}).status_code == 422
    begun = client.post(f"/retention/lists/{made.pk}/erase/", {"count": "1"})
    assert begun.url.startswith("/tasks/")
    assert "消去しています" in client.get(f"/retention/lists/{made.pk}/").content.decode()
    work_off()
    assert "1件を消去しました" in client.get(begun.url).content.decode()
    page = client.get(f"/retention/lists/{made.pk}/").content.decode()
    assert "廃棄の記録（PDF）" in page
    assert "保存用ファイルを取得" not in page
    assert client.get(f"/retention/lists/{made.pk}/erase/").status_code == 404
    assert client.get(f"/retention/lists/{made.pk}/archive.zip").status_code == 404
    led = client.get(f"/applications/{application.pk}/")
    assert led.url == f"/retention/erased/application-{application.pk}/"
    line = client.get(led.url).content.decode()
    assert application.number in line
    assert "1,000円" in line
    assert not Notice.objects.filter(subject_type="subsidies.application", subject_id=str(application.pk)).exists()


def test_who_might_read_the_case_reads_its_line_and_nobody_else(db: None):
    scene = Scene()
    application = closed_case(scene)
    carried_out(decided_list())
    address = f"/retention/erased/application-{application.pk}/"
    town = viewer(Duty.MP, municipality=application.lead_id)
    assert client_for(saved(town)).get(address).status_code == 200
    assert client_for(viewer(Duty.BS)).get(address).status_code == 200
    listed = client_for(saved(town)).get("/retention/erased/", {"q": application.number})
    assert [row.ref for row, _ in listed.context["rows"]] == [application.pk]
    for stranger in (viewer(Duty.MP, municipality="012025"), viewer(Duty.BS, bureau="nemuro")):
        assert client_for(stranger).get(address).status_code == 404
        assert client_for(stranger).get(f"/applications/{application.pk}/").status_code == 404
        assert not client_for(stranger).get("/retention/erased/").context["rows"]


def test_the_register_is_narrowed_and_asks_as_often_for_many_as_for_few(db: None):
    scene = Scene()
    for version in range(20, 22):
        VisionFactory(
            region=scene.region, version=version, state="expired", term_from_fy=2005, term_to_fy=2010, adopted_on=OLD
        )
    carried_out(decided_list())
    client = client_for(head())
    assert len(client.get("/retention/erased/", {"year": "2005"}).context["rows"]) == 2
    assert "条件に合うものはありません" in client.get("/retention/erased/", {"kind": "plan"}).content.decode()

    def grow() -> None:
        for version in range(30, 36):
            VisionFactory(
                region=scene.region,
                version=version,
                state="expired",
                term_from_fy=2005,
                term_to_fy=2010,
                adopted_on=OLD,
            )
        carried_out(decided_list())
        assert Erased.objects.count() == 8

    assert_same_queries(client, "/retention/erased/", grow)


def test_the_dry_run_asks_as_often_for_many_as_for_few(db: None):
    scene = Scene()
    closed_case(scene)
    made = decided_list()

    def grow() -> None:
        for version in range(30, 36):
            VisionFactory(
                region=scene.region,
                version=version,
                state="expired",
                term_from_fy=2005,
                term_to_fy=2010,
                adopted_on=OLD,
            )
        more = decided_list()
        more.items.update(list=made)

    VisionFactory(region=scene.region, version=29, state="expired", term_from_fy=2005, term_to_fy=2010, adopted_on=OLD)
    decided_list().items.update(list=made)
    assert_same_queries(client_for(second()), f"/retention/lists/{made.pk}/erase/", grow, budget=30)
