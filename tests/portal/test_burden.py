"""Burden sharing: tasks per member with dates, posts, hints; for members and staff, in code order."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from common import clock
from common.viewer import Duty
from portal.burden import Kind, burden_of
from regions import services
from subsidies.services import consents
from tests.factories.regions import AgreementFactory, KpiFactory, ProjectFactory, SubGroupFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries, queries_of
from tests.viewers import client_for, viewer


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def loads(scene: Scene) -> dict:
    return {load.town.name: load for load in burden_of(scene.region, clock.today()).loads}


def test_a_consent_is_open_until_it_is_given_and_then_done_on_its_day(scene: Scene):
    application = scene.application("consent")
    before = loads(scene)
    assert [task.text for task in before["由仁町"].open] == [f"申請{application.number}への同意"]
    consents.agree(application_id=application.pk, viewer=scene.approver("014273"))
    after = loads(scene)
    assert after["由仁町"].open == []
    (task,) = [task for task in after["由仁町"].done if task.kind == Kind.CONSENT]
    assert (task.on, "テスト" in task.who) == (clock.today(), True)


def test_members_stand_in_code_order_and_shares_count_kept_offices_only(scene: Scene):
    towns = {town.name: town for town in scene.region.members.all()}
    for name in ("長沼町", "長沼町", "長沼町", "由仁町"):
        ProjectFactory(region=scene.region, secretariat=towns[name])
    found = loads(scene)
    assert list(found) == sorted(found, key=lambda name: towns[name].pk)
    kept = scene.region.projects.filter(secretariat__isnull=False).count()
    mine = scene.region.projects.filter(secretariat=towns["長沼町"]).count()
    assert found["長沼町"].share == Fraction(mine, kept)


def test_more_than_the_share_of_the_ruleset_is_a_hint_and_names_who_might_help(scene: Scene):
    scene.region.projects.update(state="ended")
    lead = scene.region.lead
    for _ in range(3):
        ProjectFactory(region=scene.region, secretariat=lead)
    burden = burden_of(scene.region, clock.today())
    assert burden.limit == Fraction(3, 5)
    assert [load.heavy for load in burden.loads if load.town == lead] == [True]
    assert f"100.0％を{lead.name}が受け持っています（目安 60％まで）" in burden.hints[0]
    assert "話し合ってみてください" in burden.hints[0]
    ProjectFactory(region=scene.region)
    assert burden_of(scene.region, clock.today()).hints[1] == "事務局が決まっていない取組が1件あります。"


def test_figures_owed_hang_on_the_office_of_the_initiative(scene: Scene):
    yuni = scene.region.members.get(name="由仁町")
    KpiFactory(project__region=scene.region, project__from_fy=2024, project__secretariat=yuni, baseline_fy=2023)
    kinds = {name: [task.kind for task in load.open] for name, load in loads(scene).items()}
    assert kinds["由仁町"] == [Kind.KPI, Kind.KPI]
    assert Kind.KPI not in kinds["長沼町"]


def test_agreements_and_groups_are_work_too(scene: Scene):
    AgreementFactory(region=scene.region, version=8, state="consent", consents="none")
    group = SubGroupFactory(region=scene.region)
    group.projects.set([ProjectFactory(region=scene.region)])
    open_ones = {task.text for load in burden_of(scene.region, clock.today()).loads for task in load.open}
    assert {"協定 第8版への同意", f"部会「{group.name}」の決定の記録"} <= open_ones


def test_what_is_older_than_a_year_or_was_only_looked_at_does_not_count(scene: Scene, settings):
    settings.DEMO_DATE = "2025-10-01"
    services.rename_region(scene.region.pk, name="前の名称", valid_from=date(2025, 10, 1), viewer=scene.planner())
    settings.DEMO_DATE = "2026-11-21"
    assert all(not load.done for load in loads(scene).values())
    services.rename_region(scene.region.pk, name="新しい名称", valid_from=date(2026, 11, 1), viewer=scene.planner())
    assert [task.kind for task in loads(scene)["長沼町"].done] == [Kind.REGION]


def test_the_page_is_for_members_and_staff(scene: Scene):
    scene.application("consent")
    address = f"/regions/{scene.region.pk}/burden/"
    page = client_for(scene.planner()).get(address).content.decode()
    assert "順位を付けるものではありません" in page
    one = client_for(scene.reviewer()).get(f"{address}?town=014273")
    assert {task.town for task in one.context["tasks"]} == {"014273"}
    assert client_for(viewer(Duty.MP, municipality="012025")).get(address).status_code == 403
    assert client_for(viewer(Duty.OB)).get(address).status_code == 403
    sheet = client_for(scene.planner()).post(f"{address}export/", {"form": "utf8", "columns": ["市町村名", "作業"]})
    assert "への同意" in b"".join(sheet.streaming_content).decode("utf-8-sig")


def test_many_tasks_ask_no_more_than_few(scene: Scene):
    scene.application("consent")
    before = len(queries_of(lambda: burden_of(scene.region, clock.today())))
    for _ in range(5):
        KpiFactory(project__region=scene.region, project__from_fy=2024, baseline_fy=2023)
        SubGroupFactory(region=scene.region)
    assert len(queries_of(lambda: burden_of(scene.region, clock.today()))) <= before + 5
    assert_same_queries(
        client_for(scene.planner()),
        f"/regions/{scene.region.pk}/burden/",
        lambda: [ProjectFactory(region=scene.region) for _ in range(5)] and None,
        budget=35,
    )
