"""What the vision says reaches the application without being typed again; a zone's vision counts where rules ask."""

from datetime import date
from typing import Any

import pytest

from regions import services
from regions.models import Vision
from regions.services import ItemPart, ProjectDraft
from subsidies.initiatives import initiatives_of
from subsidies.models import Application
from subsidies.rules.gather import application_facts, equivalent_vision
from tests.factories.regions import NationalZoneFactory
from tests.factories.subsidies import Scene
from tests.viewers import client_for

from .wizard import address, fields, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def application(scene: Scene) -> Application:
    """A fresh application, after the vision was revised with an outline, roles and a cost for its year."""
    planner = scene.planner()
    draft = services.revise(scene.region.visions.get().pk, viewer=planner)
    item = draft.items.get()
    towns = list(scene.region.memberships.values_list("municipality", flat=True))
    part = ItemPart("年6回の合同研修を行う。", "輪番", {towns[0]: "会場"}, main_field=scene.project.main_field_id or "")
    services.save_vision_item(draft.pk, item.pk, part, revision=1, viewer=planner)
    year = scene.call.fiscal_year
    services.save_vision_costs(draft.pk, {item.pk: {year: 3_000_000}}, revision=2, viewer=planner)
    return scene.application(filled=False)


def adopt(application: Application) -> Vision:
    vision = Vision.objects.get(region=application.region, state="draft")
    Vision.objects.filter(region=application.region, state="adopted").update(state="revised")
    Vision.objects.filter(pk=vision.pk).update(state="adopted", adopted_on=date(2026, 11, 1))
    return vision


def test_an_initiative_of_the_adopted_vision_comes_with_its_text_and_its_cost_of_the_year(scene, application):
    before = initiatives_of(application)[0]
    assert before.proposal is not None and before.proposal.cost_yen is None  # the revision is not adopted yet
    adopt(application)
    listed = initiatives_of(application)[0]
    assert listed.proposal is not None
    town = scene.region.memberships.order_by("municipality").first().municipality.name
    assert listed.proposal.text == f"年6回の合同研修を行う。\n役割分担：輪番　{town}：会場"
    assert listed.proposal.cost_yen == 3_000_000


def test_the_wizard_offers_the_text_and_a_tick_is_enough(scene, application):
    adopt(application)
    planner = client_for(scene.planner())
    page = planner.get(address(application, "projects"))
    shown, name = fields(page), f"content_{scene.project.pk}"
    assert shown[name][0].startswith("年6回の合同研修を行う。")
    assert "ビジョンの事業費 令和" in page.content.decode() and "3,000千円" in page.content.decode()
    post(planner, application, "projects", page, **{f"use_{scene.project.pk}": "on"})
    assert application.items.get().content.startswith("年6回の合同研修を行う。")
    costs = planner.get(address(application, "costs")).content.decode()
    assert "3,000,000円（入力済み 0円）" in costs


def test_what_was_written_for_the_year_is_not_overwritten_by_the_vision(scene, application):
    adopt(application)
    planner = client_for(scene.planner())
    typed = {f"use_{scene.project.pk}": "on", f"content_{scene.project.pk}": "今年度は3回"}
    post(planner, application, "projects", **typed)
    shown = fields(planner.get(address(application, "projects")))
    assert shown[f"content_{scene.project.pk}"] == ["今年度は3回"]


def test_an_initiative_outside_the_vision_has_no_proposal(scene, application):
    project = services.add_project(scene.region.pk, ProjectDraft(name="別の取組", from_fy=2026), viewer=scene.planner())
    listed = next(one for one in initiatives_of(application) if one.project == project)
    assert (listed.in_vision, listed.proposal) == (False, None)


def test_the_zones_vision_counts_for_the_vision_and_once_received_for_plan_and_conference(scene, application):
    zone = NationalZoneFactory(name="南空知定住自立圏")
    vision = adopt(application)
    Vision.objects.filter(pk=vision.pk).update(equivalent_zone=zone)
    facts = application_facts(application)
    assert facts.vision is not None and scene.project.name in facts.vision.projects
    assert facts.equivalence is not None
    assert (facts.equivalence.title, facts.equivalence.confirmed) == ("南空知定住自立圏のビジョン", False)
    Vision.objects.filter(pk=vision.pk).update(received_on=date(2026, 11, 20))
    facts = application_facts(application)
    assert facts.equivalence is not None and facts.equivalence.confirmed


def test_only_the_version_in_force_on_the_day_stands_for_the_plan(scene, application):
    zone = NationalZoneFactory()
    vision = adopt(application)
    Vision.objects.filter(pk=vision.pk).update(equivalent_zone=zone, received_on=date(2026, 11, 20))
    versions = list(Vision.objects.filter(region=application.region))
    assert equivalent_vision(versions, date(2026, 10, 31)) is None
    early = equivalent_vision(versions, date(2026, 11, 19))
    assert early is not None and not early.confirmed
