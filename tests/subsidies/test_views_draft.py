"""The wizard by plain forms: what a planner types is kept, told back in words, and never lost to another planner."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from regions.models import Project, SubGroup, SubGroupDecision
from subsidies.models import Application
from tests.factories.regions import ProjectFactory
from tests.factories.subsidies import Scene
from tests.queries import queries_of
from tests.viewers import client_for, saved

from .wizard import address, fields, post

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def planner(scene: Scene) -> Any:
    return client_for(scene.planner())


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


# -- a sub-group --------------------------------------------------------------------------------------------------


def test_the_recorded_decision_of_a_sub_group_is_chosen_not_typed(scene, planner):
    application = scene.application("draft")
    assert "id_subgroup_name" in planner.get(address(application, "basic")).content.decode()
    group = SubGroup.objects.create(region=scene.region, name="研修部会", chair_id="014281", set_up_on=date(2026, 4, 1))
    decision = SubGroupDecision.objects.create(
        group=group, decided_on=date(2026, 6, 1), title="合同研修の申請", text="申請する。",
        recorded_by_id=saved(scene.planner()).person, recorded_who="企画担当",
    )  # fmt: skip
    page = planner.get(address(application, "basic")).content.decode()
    assert "研修部会　令和8年6月1日決定「合同研修の申請」" in page
    assert "id_subgroup_name" not in page
    post(planner, application, "basic", subgroup_record=str(decision.pk))
    now = fresh(application)
    assert (now.subgroup_name, now.subgroup_decided_on) == ("研修部会", date(2026, 6, 1))
    assert f'<option value="{decision.pk}" selected>' in planner.get(address(application, "basic")).content.decode()
    post(planner, application, "basic", subgroup_record="")
    assert (fresh(application).subgroup_name, fresh(application).subgroup_decided_on) == ("", None)


# -- one planner -----------------------------------------------------------------------------------------------------


def test_a_planner_writes_all_six_steps_without_any_script(scene, planner):
    application = scene.application(filled=False)
    went = post(
        planner, application, "basic",
        title="合同研修", purpose="共同で職員を育てる。", start_on="R9.1.15", end_on="2027/2/26", other_subsidy="no",
        funding_014281="一般財源", running_014281_2027="40万0千円", go="members",
    )  # fmt: skip
    assert went.status_code == 422  # 40万0千円 is no amount; all the rest was kept
    assert fresh(application).purpose == "共同で職員を育てる。"
    went = post(planner, application, "basic", funding_014281="一般財源", running_014281_2027="400千円", go="members")
    assert (went.status_code, went["Location"]) == (302, address(application, "members"))
    assert fresh(application).self_running_lines.get().amount_yen == 400_000
    went = post(planner, application, "members", go="projects")
    assert went["Location"] == address(application, "projects")
    project = scene.project.pk
    went = post(
        planner, application, "projects", **{f"use_{project}": "on", f"content_{project}": "6回", "go": "costs"}
    )
    assert went["Location"] == address(application, "costs")
    went = post(
        planner, application, "costs",
        costs__0__category="reward", costs__0__description="講師謝金", costs__0__quantity="6", costs__0__unit="回",
        costs__0__unit_price_yen="120,000", costs__0__project=str(project), requested_yen="720千円", even="1",
    )  # fmt: skip
    assert went.status_code == 302
    saved = fresh(application)
    assert saved.requested_yen == 720_000
    assert sorted(saved.parts.values_list("split_yen", flat=True)) == [240_000] * 3
    assert saved.costs.get().amount_yen == 720_000
    went = post(planner, application, "kpi", go="confirm")
    assert went["Location"] == address(application, "confirm")
    page = planner.get(address(application, "confirm")).content.decode()
    assert "構成市町村へ確認を依頼できます" in page
    went = planner.post(address(application, "confirm"), {"declared": "on"})
    assert (went.status_code, fresh(application).state) == (302, "consent")


def test_an_error_keeps_what_was_typed_says_where_and_saves_the_rest(scene, planner):
    application = scene.application()
    answer = post(planner, application, "basic", title="新しい事業名", end_on="令和8年13月1日", go="members")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1か所を直してください" in page
    assert '<a href="#id_end_on">「完了予定日」：日付として読み取れません（「令和8年13月1日」）' in page
    assert 'value="令和8年13月1日"' in page
    assert fresh(application).title == "新しい事業名"


def test_a_cost_error_names_row_and_column_and_saves_nothing(scene, planner):
    application = scene.application()
    answer = post(
        planner, application, "costs", costs__1__category="travel", costs__1__description="旅費",
        costs__1__amount_yen="12万くらい",
    )  # fmt: skip
    page = answer.content.decode()
    assert '<a href="#id_costs-1-amount_yen">経費 2行目「金額」：金額として読み取れません' in page
    assert 'value="12万くらい"' in page
    assert fresh(application).costs.count() == 1


def test_a_cost_line_is_dropped_and_more_are_offered_by_buttons(scene, planner):
    application = scene.application()
    shown = fields(planner.get(address(application, "costs")))
    assert "costs-2-description" in shown
    assert "costs-3-description" not in shown
    went = post(planner, application, "costs", more="costs")
    assert went["Location"] == f"{address(application, 'costs')}?more=costs#grid-costs"
    assert "costs-6-description" in fields(planner.get(went["Location"]))
    post(planner, application, "costs", drop="costs-0", requested_yen="0")
    assert fresh(application).costs.count() == 0


def test_the_sums_are_told_while_they_do_not_add_up_and_keep_nobody_from_saving(scene, planner):
    application = scene.application()
    post(planner, application, "costs", split_014281="1,000,000", go="costs")
    page = planner.get(address(application, "costs")).content.decode()
    assert "配分額の合計が交付申請額より1,000,000円足りません。" in page


def test_autosave_answers_with_the_pieces_that_changed(scene, planner):
    application = scene.application()
    shown = fields(planner.get(address(application, "basic"))) | {"title": ["自動保存の題名"]}
    answer = planner.post(address(application, "basic"), shown, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "に自動保存しました" in page
    assert 'id="base" hx-swap-oob="true"' in page
    assert 'id="live"' in page
    assert "<html" not in page
    assert fresh(application).title == "自動保存の題名"
    before = fresh(application).revision
    planner.post(address(application, "basic"), shown, headers={"HX-Request": "true"})
    assert fresh(application).revision == before, "nothing changed, so nothing is saved"


def test_a_new_initiative_is_registered_for_the_region_and_asked_for(scene, planner):
    application = scene.application()
    answer = post(planner, application, "projects", new="1", new__name="", new__outline="概要")
    assert answer.status_code == 422
    assert "新しい取組「取組の名称」：" in answer.content.decode()
    went = post(
        planner, application, "projects", new="1", new__name="共同採用", new__main_field="staff",
        new__outline="採用活動を共同で行う。", new__secretariat="014273",
    )  # fmt: skip
    assert went.status_code == 302
    project = Project.objects.get(region=scene.region, name="共同採用")
    assert (project.main_field_id, project.secretariat_id) == ("staff", "014273")
    assert fresh(application).items.filter(project=project).exists()


def test_kpis_are_added_with_a_number_and_removed(scene, planner):
    application = scene.application()
    grid = f"kpi{scene.project.pk}"
    shown = fields(planner.get(address(application, "kpi") + f"?more={grid}"))
    typed = {
        "name": "満足度", "unit": "点", "kind": "outcome", "direction": "up", "baseline": "新規", "target": "4.2",
        "qualifier": "at_least", "target_fy": "R11", "data_source": "受講者アンケート", "y2026": "4.0",
    }  # fmt: skip
    shown |= {f"{grid}-1-{name}": [text] for name, text in typed.items()}
    answer = planner.post(address(application, "kpi"), shown, headers={"HX-Request": "true"}).content.decode()
    assert f'name="{grid}-1-number" value="2"' in answer, "the next autosave must know the number"
    kpi = scene.project.kpis.get(number=2)
    assert (kpi.baseline_is_new, str(kpi.target), kpi.target_fy) == (True, "4.200", 2029)
    post(planner, application, "kpi", drop=f"{grid}-0")
    assert list(scene.project.kpis.values_list("number", flat=True)) == [2]


def test_what_is_missing_is_listed_with_links_to_the_steps(scene, planner):
    application = scene.application(filled=False)
    page = planner.get(address(application, "confirm")).content.decode()
    assert "取組を1つ以上選んでください（手順3）。" in page
    assert f'<a href="{address(application, "projects")}">取組・分野へ</a>' in page
    answer = planner.post(address(application, "confirm"), {"declared": "on"})
    assert answer.status_code == 422
    assert fresh(application).state == "draft"


# -- members ---------------------------------------------------------------------------------------------------------


def test_a_suggested_neighbour_is_added_and_a_member_taken_out_by_buttons(scene, planner):
    from tests.factories.municipalities import MunicipalityFactory, touch

    town = MunicipalityFactory(code="014231", name="南幌町", bureau=scene.bureau)
    touch(scene.members[0], town)
    application = scene.application(filled=False)
    post(planner, application, "members", add=town.code)
    assert fresh(application).parts.filter(municipality=town).exists()
    page = planner.get(address(application, "members")).content.decode()
    assert "構成市町村ではない" in page or "南幌町" in page
    post(planner, application, "members", remove=town.code)
    assert not fresh(application).parts.filter(municipality=town).exists()


def test_ones_own_town_cannot_be_taken_out(scene, planner):
    application = scene.application(filled=False)
    answer = post(planner, application, "members", remove="014281", lead="014273")
    assert answer.status_code == 422
    assert "自分の市町村を外すことはできません。" in answer.content.decode()


def test_the_verdict_beside_the_list_is_told_in_plain_words(scene, planner):
    from datetime import date

    from tests.factories.regions import NationalZoneFactory

    NationalZoneFactory(hubs=[scene.members[0]], neighbours=[scene.members[1]], since=date(2020, 4, 1))
    application = scene.application(filled=False)
    page = planner.get(address(application, "members")).content.decode()
    assert "あと1町村で1/2要件を満たします" in page
    assert "国の制度を使えない町村は、3町村のうち1町村です。もう1町村加えると4町村のうち2町村で、ちょうど1/2" in page
    assert page.count('<i class="on">') == 1
    assert page.count('<i class="add">') == 1


def test_an_idea_is_drawn_anew_with_the_application(scene, planner):
    scene.region.state = "idea"
    scene.region.save()
    application = scene.application(filled=False)
    post(planner, application, "members", remove="014290")
    assert set(scene.region.memberships.values_list("municipality", flat=True)) == {"014281", "014273"}


# -- two planners ----------------------------------------------------------------------------------------------------


@pytest.fixture
def other(scene: Scene) -> Any:
    return client_for(scene.planner("014273"))


def test_two_planners_in_different_fields_lose_nothing(scene, planner, other):
    application = scene.application()
    mine, theirs = (client.get(address(application, "basic")) for client in (planner, other))
    assert post(other, application, "basic", theirs, purpose="相手の目的").status_code == 302
    answer = post(planner, application, "basic", mine, title="自分の題名")
    assert answer.status_code == 302
    saved = fresh(application)
    assert (saved.title, saved.purpose) == ("自分の題名", "相手の目的")


def test_two_planners_in_one_field_see_both_texts_and_choose(scene, planner, other):
    application = scene.application()
    mine, theirs = (client.get(address(application, "basic")) for client in (planner, other))
    post(other, application, "basic", theirs, title="相手の題名")
    answer = post(planner, application, "basic", mine, title="自分の題名", plan="自分の内容")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "同じところを由仁町" in page
    assert "相手の題名" in page
    assert 'value="自分の題名"' in page
    assert fresh(application).title == "相手の題名", "nothing is overwritten unseen"
    kept = post(planner, application, "basic", answer)
    assert kept.status_code == 302
    assert (fresh(application).title, fresh(application).plan) == ("自分の題名", "自分の内容")


def test_the_other_text_is_taken_by_a_button(scene, planner, other):
    application = scene.application()
    mine, theirs = (client.get(address(application, "basic")) for client in (planner, other))
    post(other, application, "basic", theirs, title="相手の題名")
    clash = post(planner, application, "basic", mine, title="自分の題名", plan="自分の内容")
    post(planner, application, "basic", clash, use="title")
    assert (fresh(application).title, fresh(application).plan) == ("相手の題名", "自分の内容")


def test_an_autosave_that_clashes_saves_nothing_and_says_so(scene, planner, other):
    application = scene.application()
    mine, theirs = (client.get(address(application, "costs")) for client in (planner, other))
    post(other, application, "costs", theirs, costs__0__description="相手の内容")
    shown = fields(mine) | {"costs-0-description": ["自分の内容"]}
    answer = planner.post(address(application, "costs"), shown, headers={"HX-Request": "true"}).content.decode()
    assert "まだ保存していません" in answer
    assert "両方を見比べる" in answer
    assert fresh(application).costs.get().description == "相手の内容"


def test_a_save_between_autosave_and_button_of_the_same_person_is_no_clash(scene, planner):
    application = scene.application()
    shown = fields(planner.get(address(application, "basic"))) | {"title": ["題名1"]}
    planner.post(address(application, "basic"), shown, headers={"HX-Request": "true"})
    answer = planner.post(address(application, "basic"), shown | {"title": ["題名2"], "go": ["members"]})
    assert answer.status_code == 302
    assert fresh(application).title == "題名2"


def test_both_ticks_hold_when_two_planners_choose_members(scene, planner, other):
    from tests.factories.municipalities import MunicipalityFactory

    one = MunicipalityFactory(code="014231", name="南幌町", bureau=scene.bureau)
    two = MunicipalityFactory(code="014303", name="月形町", bureau=scene.bureau)
    application = scene.application(filled=False)
    mine, theirs = (client.get(address(application, "members")) for client in (planner, other))
    codes = [town.code for town in scene.members]
    post(other, application, "members", theirs, member=[*codes, one.code])
    post(planner, application, "members", mine, member=[*codes, two.code])
    assert set(fresh(application).parts.values_list("municipality", flat=True)) == {*codes, one.code, two.code}


# -- who may ---------------------------------------------------------------------------------------------------------


def test_a_frozen_application_leads_to_its_page(scene, planner):
    application = scene.application("consent")
    answer = planner.get(address(application, "costs"), follow=True)
    assert answer.redirect_chain[-1][0] == f"/applications/{application.pk}/"
    assert "「同意確認中」の申請は書き換えられません。" in answer.content.decode()


def test_a_field_officer_writes_her_initiative_and_nothing_else(scene):
    application = scene.application()
    second = ProjectFactory(region=scene.region, name="広域バス", main_field=scene.field)
    planner = client_for(scene.planner())
    project = second.pk
    post(planner, application, "projects", **{f"use_{project}": "on"})
    post(
        planner, application, "costs", costs__1__category="travel", costs__1__description="バスの調査",
        costs__1__amount_yen="500,000", costs__1__project=str(project),
    )  # fmt: skip
    officer = scene.field_officer()
    item, foreign = application.items.get(project=scene.project), application.items.get(project=second)
    item.assignees.add(officer.user_id)
    client = client_for(officer)
    assert client.get(address(application, "costs")).status_code == 403
    here = client.get(address(application, "item"))["Location"]
    assert here.endswith(f"/item/{item.pk}/")
    assert client.get(reverse("subsidies:draft_item_edit", args=[application.pk, foreign.pk])).status_code == 403
    page = client.get(here)
    assert "バスの調査" not in page.content.decode()
    shown = fields(page) | {
        "content": ["7回に増やす"],
        "costs-0-amount_yen": ["6,100,000"],
        "costs-0-eligible_yen": [""],
    }
    assert client.post(here, shown).status_code == 302
    saved = fresh(application)
    assert saved.items.get(pk=item.pk).content == "7回に増やす"
    assert dict(saved.costs.values_list("description", "amount_yen")) == {
        "バスの調査": 500_000,
        "研修の企画運営": 6_100_000,
    }
    stale = client.post(here, shown | {"content": ["8回"]})
    assert stale.status_code == 422
    assert "ほかの人がこの申請を更新しました" in stale.content.decode()


def test_a_field_officer_cannot_write_through_the_services_of_planners(scene):
    from django.core.exceptions import PermissionDenied

    from subsidies.services import drafts

    application = scene.application()
    officer = scene.field_officer()
    application.items.get().assignees.add(officer.user_id)
    with pytest.raises(PermissionDenied):
        drafts.save_basic(application_id=application.pk, viewer=officer, revision=None, values={"title": "x"})


@pytest.mark.parametrize("step", ["basic", "members", "costs", "confirm"])
def test_the_number_of_queries_does_not_grow_with_what_was_entered(scene, planner, step):
    from django.core.management import call_command

    call_command("createcachetable")
    application = scene.application()
    planner.get(address(application, step))
    few = len(queries_of(lambda: planner.get(address(application, step))))
    for number in range(8):
        application.costs.create(
            number=10 + number, category="travel", description="旅費", amount_yen=1, eligible_yen=1,
            project=scene.project, member_id="014281",
        )  # fmt: skip
    assert len(queries_of(lambda: planner.get(address(application, step)))) == few


def test_an_autosave_that_found_a_clash_does_not_count_as_having_seen_the_other_text(scene: Scene):
    """The button pressed after it shows both texts; before, it took the other's save for the person's own."""
    application = scene.application()
    first, second = client_for(scene.planner()), client_for(scene.planner("014273"))
    page = second.get(address(application, "basic"))
    post(first, application, "basic", purpose="長沼町が書いた目的。")
    typed = fields(page) | {"purpose": ["由仁町が書いた目的。"]}
    told = second.post(address(application, "basic"), typed, headers={"HX-Request": "true"})
    assert "ほかの人が同じところを書き換えました" in told.content.decode()
    pieces = re.findall(r'<input type="hidden" form="step" name="(\w+)" value="([^"]*)"', told.content.decode())
    typed |= {name: [unescape(value)] for name, value in pieces}
    answer = second.post(address(application, "basic"), typed)
    assert answer.status_code == 422
    assert "長沼町が書いた目的。" in answer.content.decode()
    assert fresh(application).purpose == "長沼町が書いた目的。"
