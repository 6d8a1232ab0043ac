"""Facts that change after the grant: a finding, a conclusion, never a revocation (domain.md §5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from common import clock
from common.errors import Refused
from common.models import Notice
from common.viewer import Duty
from municipalities.models import PopulationFigure
from regions.models import Agreement
from subsidies.models import Application, Finding
from subsidies.services import findings
from tests.factories.regions import NationalZoneFactory
from tests.factories.subsidies import Scene
from tests.viewers import saved, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_member_that_joins_a_zone_leaves_the_running_year_as_it_is(scene: Scene):
    """W23: the reference date is that of the application."""
    one = scene.application("running")
    NationalZoneFactory(hubs=[scene.members[1]], since=clock.today() + timedelta(days=1))
    NationalZoneFactory(hubs=[scene.members[2]], since=clock.today() + timedelta(days=1))
    with clock.standing_at(clock.at(clock.today() + timedelta(days=90))):
        assert findings.rerun(application_id=one.pk, viewer=scene.reviewer()) == []
        assert findings.run_due() == {"findings": 0}
    assert not Finding.objects.exists()


def test_an_agreement_that_ended_is_found_once_and_concluded(scene: Scene):
    one = scene.application("running")
    by: dict[str, Any] = {"application_id": one.pk, "viewer": scene.reviewer()}
    assert findings.rerun(**by) == []
    Agreement.objects.filter(region=one.region).update(ended_on=clock.today(), state=Agreement.State.ENDED)
    with clock.standing_at(clock.at(clock.today() + timedelta(days=3))):
        (found,) = findings.rerun(**by)
        assert findings.rerun(**by) == []
        assert findings.run_due() == {"findings": 0}
    assert (found.before["result"], found.now["result"]) == ("pass", "fail")
    assert Application.objects.get(pk=one.pk).state == "running"
    assert Notice.objects.filter(title__startswith="交付後の所見が1件", office_key="bureau:sorachi").exists()
    ask: dict[str, Any] = {"application_id": one.pk, "finding_id": found.pk, "conclusion": "ask_lead"}
    with pytest.raises(Refused, match="10字以上"):
        findings.conclude(**ask, note="確認", viewer=scene.reviewer())
    for person in (scene.planner(), scene.approver(), saved(viewer(Duty.AU))):
        with pytest.raises(PermissionDenied):
            findings.conclude(**ask, note="協定の更新の予定を確かめる。", viewer=person)
    findings.conclude(**ask, note="協定の更新の予定を確かめる。", viewer=scene.reviewer())
    with pytest.raises(Refused, match="結論を待つ所見ではありません"):
        findings.conclude(**ask, note="協定の更新の予定を確かめる。", viewer=scene.reviewer())
    assert Application.objects.get(pk=one.pk).granted_yen == 6_000_000


def test_a_master_mended_again_takes_the_finding_away(scene: Scene):
    one = scene.application("running")
    zone = NationalZoneFactory(hubs=[scene.members[1]], since=clock.today() - timedelta(days=400))
    other = NationalZoneFactory(hubs=[scene.members[2]], since=clock.today() - timedelta(days=400))
    new = findings.rerun(application_id=one.pk, viewer=scene.reviewer())
    assert new, "two of three members were in a zone on the reference date after all"
    for wrong in (zone, other):
        wrong.memberships.all().delete()
    assert findings.rerun(application_id=one.pk, viewer=scene.reviewer()) == []
    assert all(row.gone_at is not None for row in Finding.objects.all())
    assert PopulationFigure.objects.exists()
