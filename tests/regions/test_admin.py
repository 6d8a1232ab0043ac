"""The technical site: zones are mended there, regions are only read, and nobody but the administrator comes in."""

import pytest

from common.models import AuditEvent
from common.viewer import Duty
from regions.models import ZoneMembership
from tests.factories.regions import NationalZoneFactory
from tests.viewers import client_for, viewer


@pytest.fixture
def zone(world):
    return NationalZoneFactory(name="上川中部", hubs=[world.betsukai])


def test_the_administrator_mends_a_membership_and_the_chain_knows(world, zone):
    client = client_for(viewer(Duty.AD))
    row = ZoneMembership.objects.get()
    typed = {
        "zone": zone.pk,
        "municipality": world.betsukai.pk,
        "role": "hub",
        "in_force_by": "2016-04-01",
        "in_force_basis": "形成協定の締結日",
        "basis": "sourced",
        "source": "市のページ",
    }
    assert client.post(f"/admin/regions/zonemembership/{row.pk}/change/", typed).status_code == 302
    row.refresh_from_db()
    assert row.in_force_by.year == 2016
    assert AuditEvent.objects.filter(action="reference.save", subject_id=str(row.pk)).exists()


@pytest.mark.parametrize("model", ["region", "regionmembership", "zonestatusoverride", "hubdesignation"])
def test_regions_and_decisions_are_only_read(world, zone, model):
    client = client_for(viewer(Duty.AD))
    assert client.get(f"/admin/regions/{model}/").status_code == 200
    assert client.get(f"/admin/regions/{model}/add/").status_code == 403


def test_nothing_is_ever_removed_there(world, zone):
    client = client_for(viewer(Duty.AD))
    assert client.get(f"/admin/regions/nationalzone/{zone.pk}/delete/").status_code == 403


def test_agreements_and_visions_are_not_there(world):
    client = client_for(viewer(Duty.AD))
    assert client.get("/admin/regions/agreement/").status_code == 404
    assert client.get("/admin/regions/vision/").status_code == 404


def test_headquarters_has_no_technical_site(world, zone):
    assert client_for(viewer(Duty.HS)).get("/admin/regions/nationalzone/").status_code == 404
