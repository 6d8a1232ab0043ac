"""The one work list of every room: by due date, filtered by kind, counted in the menu, written out."""

from __future__ import annotations

import pytest

from common import audit
from common.viewer import SYSTEM
from portal.worklist import count_for, items_for
from regions.models import Agreement
from tests.factories.regions import AgreementFactory, RegionFactory, VisionFactory
from tests.factories.subsidies import Scene
from tests.queries import assert_same_queries
from tests.viewers import client_for


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene()


def test_applications_and_papers_stand_in_one_list(scene: Scene):
    scene.application("consent")
    AgreementFactory(region=scene.region, version=7, state="consent", consents="none")
    approver = scene.approver()
    assert [(item.kind, item.label) for item in items_for(approver)] == [("申請", "要同意"), ("協定", "要同意")]
    client = client_for(approver)
    page = client.get("/worklist/?show=協定")
    assert [item.kind for item in page.context["rows"]] == ["協定"]
    assert "協定　連携協定 第7版" in page.content.decode()
    sheet = client.post("/worklist/export/", {"form": "utf8", "columns": ["期限", "種類"]})
    assert sheet.status_code == 200


def test_the_menu_counts_papers_anew_after_something_was_done(scene: Scene):
    agreement = AgreementFactory(region=scene.region, version=7, state="consent", consents="none")
    approver = scene.approver()
    assert count_for(approver) == len(items_for(approver)) == 1
    Agreement.objects.filter(pk=agreement.pk).update(state="ended", in_force_on="2022-04-01", signed_on="2022-04-01")
    audit.record(SYSTEM, "agreement.end", scene.region, "協定を終了")
    assert count_for(approver) == 0


@pytest.mark.parametrize("who", ["planner", "approver", "head", "reviewer"])
def test_the_start_page_asks_no_more_for_many_papers_than_for_few(scene: Scene, who: str):
    scene.application("bureau_review")

    def grow() -> None:
        for _ in range(5):
            region = RegionFactory(members=list(scene.region.members.all()), lead_bureau=scene.region.lead_bureau)
            AgreementFactory(region=region)
            VisionFactory(region=region)

    grow()
    assert_same_queries(client_for(getattr(scene, who)()), "/", grow)
