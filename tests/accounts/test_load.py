"""The offices that come with the reference data."""

from __future__ import annotations

from django.conf import settings

from accounts.load import load_offices
from accounts.models import Office
from common.upsert import Counts
from tests.factories.municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory


def test_every_municipality_and_bureau_of_the_prefecture_has_its_office(db: None):
    sorachi = BureauFactory(code="sorachi", name="空知総合振興局")
    MunicipalityFactory(code="014281", name="長沼町", bureau=sorachi)
    MunicipalityFactory(code="016969", name="泊村", bureau=sorachi, northern_territory=True)
    MunicipalityFactory(code="062014", name="山形市", prefecture=PrefectureFactory(code="06"))
    load_offices()
    names = set(Office.objects.values_list("kind", "code", "name"))
    assert ("municipality", "014281", "長沼町") in names
    assert ("bureau", "sorachi", "空知総合振興局") in names
    assert not Office.objects.filter(code__in=["016969", "062014"]).exists()
    assert {"広域連携担当", "出納局", "監査委員事務局", "システム管理"} <= set(
        Office.objects.filter(kind="prefecture", code=settings.PREFECTURE_CODE).values_list("section", flat=True)
    )
    assert Office.objects.get(kind="association").name == "北海道町村会"


def test_loading_again_changes_nothing_and_a_new_name_is_taken_over(db: None):
    town = MunicipalityFactory(code="014281", name="長沼町")
    count = load_offices().new
    assert load_offices() == Counts(0, 0, count)
    town.name = "新長沼町"
    town.save()
    assert load_offices() == Counts(0, 1, count - 1)
