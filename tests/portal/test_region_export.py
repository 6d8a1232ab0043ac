"""Regions as sheets: what the list shows and nothing else, one value a cell."""

import pytest

from common.viewer import Duty
from tests import exports
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.regions import RegionFactory
from tests.viewers import client_for, viewer

pytestmark = pytest.mark.django_db
URL = "/regions/export/"


@pytest.fixture
def regions():
    nemuro = BureauFactory(code="nemuro", name="根室振興局")
    towns = [MunicipalityFactory(name=name, bureau=nemuro) for name in ("別海町", "標津町")]
    return [RegionFactory(name="=根室連携地域", members=towns), RegionFactory(name="構想の地域", state="idea")]


def test_the_sheet_holds_what_the_list_shows_to_this_office(regions):
    rows = exports.rows(client_for(viewer(Duty.OB)), URL)
    assert [row["地域名"] for row in rows] == ["'=根室連携地域"]
    assert rows[0]["構成市町村"] == "別海町；標津町"
    assert (rows[0]["主管振興局"], rows[0]["市町村数"]) == ("根室振興局", "2")


def test_the_sheet_keeps_the_filters(regions):
    rows = exports.book(client_for(viewer(Duty.HS)), f"{URL}?q=構想")
    assert [row[1] for row in rows] == ["地域名", "構想の地域"]


def test_members_come_with_code_role_and_scheme(regions):
    rows = exports.rows(client_for(viewer(Duty.HS)), f"/regions/{regions[0].pk}/members/export/")
    assert [(row["市町村名"], row["役割"]) for row in rows] == [("別海町", "代表・事務局"), ("標津町", "")]
    assert rows[0]["国の制度"] == "データなし"
    assert rows[0]["人口 2020年（人）"] == ""
