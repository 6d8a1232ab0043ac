"""From the own start page to the own work in as few clicks as `domain.md` §7 says, counted by walking the links."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from common.viewer import Duty
from regions.models import ConferenceMeeting
from tests.factories.regions import (
    AgreementFactory,
    ConferenceMeetingFactory,
    ForwardPlanFactory,
    KpiFactory,
    RegionFactory,
)
from tests.factories.subsidies import Scene
from tests.viewers import client_for, saved, viewer

LINK = re.compile(r'href="(/[^"#?]*)')
MOST = 2
ELSEWHERE = re.compile(
    r"/(static|admin|sign-out|search|audit|overview|municipalities|forecasts|check)|export|\\.(pdf|xlsx|css|js|svg)"
)


def clicks(client: Client, wanted: str, most: int = MOST) -> int | None:
    """How many links lead from the start page to an address that matches; None where `most` do not."""
    seen, edge = {"/"}, ["/"]
    for number in range(1, most + 1):
        found: list[str] = []
        for address in edge:
            page = client.get(address)
            if page.status_code == 200 and page.get("Content-Type", "").startswith("text/html"):
                found += [one for one in LINK.findall(page.content.decode()) if one not in seen]
        if any(re.fullmatch(wanted, one) for one in found):
            return number
        edge = [one for one in dict.fromkeys(found) if not ELSEWHERE.search(one)]
        seen |= set(edge)
    return None


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_a_field_officer_reaches_text_costs_and_figures_of_her_initiative_in_one_click(scene: Scene):
    officer = scene.field_officer()
    application = scene.application("draft")
    item = application.items.get()
    item.assignees.add(officer.user_id or 0)
    KpiFactory(project=item.project, number=9, baseline_fy=2023)
    item.project.from_fy = 2024
    item.project.save()
    client = client_for(officer)
    page = client.get("/").content.decode()
    assert "担当の取組" in page
    assert "内容・経費・KPIを書く" in page
    assert "KPIの実績を入力する" in page
    assert clicks(client, reverse("subsidies:draft_item", args=[application.pk]), 1) == 1
    assert clicks(client, f"/regions/{scene.region.pk}/kpis/", 1) == 1
    item.assignees.clear()
    assert "担当の取組" not in client_for(officer).get("/").content.decode()


def test_a_planner_reaches_agreements_figures_and_the_hand_over(scene: Scene):
    agreement = AgreementFactory(region=scene.region, version=7, state="draft", consents="none")
    client = client_for(scene.planner())
    assert clicks(client, f"/agreements/{agreement.pk}/") == 1
    assert clicks(client, "/handovers/") == 1
    assert clicks(client, "/regions/new/") == 2


def test_an_approver_consents_and_confirms_a_hand_over(scene: Scene):
    agreement = AgreementFactory(region=scene.region, version=7, state="consent", consents="none")
    client = client_for(scene.approver())
    assert clicks(client, f"/agreements/{agreement.pk}/consent/") == 1
    assert clicks(client, "/handovers/new/") == 2


def test_a_bureau_reaches_plan_conference_and_receipts(scene: Scene):
    bureau = scene.region.lead_bureau
    meeting = ConferenceMeetingFactory(bureau=bureau)
    ConferenceMeeting.objects.filter(pk=meeting.pk).update(state="scheduled")
    plan = ForwardPlanFactory(bureau=bureau, version=9)
    agreement = AgreementFactory(region=RegionFactory(lead_bureau=bureau))
    assert (clicks(client_for(scene.reviewer()), f"/meetings/{meeting.pk}/") or 9) <= 2
    assert (clicks(client_for(scene.reviewer()), f"/plans/{plan.pk}/") or 9) <= 2
    assert clicks(client_for(scene.head()), f"/agreements/{agreement.pk}/") == 1


@pytest.mark.parametrize(
    ("duty", "wanted", "most"),
    [(Duty.OB, "/agreements/", 1), (Duty.HS, "/overview/", 1), (Duty.AD, "/handovers/new/", 2)],
)
def test_the_others_reach_what_they_come_for(scene: Scene, duty: Duty, wanted: str, most: int):
    assert (clicks(client_for(saved(viewer(duty))), wanted) or 9) <= most
