"""Borders and names: who touches whom, and which names are safe."""

from __future__ import annotations

from datetime import date

import pytest

from common.viewer import NOBODY, Duty
from municipalities.kana import hiragana, kana_key
from municipalities.models import Adjacency, Municipality
from municipalities.querysets import NameNotUnique, NameUnknown
from municipalities.territory import groups, is_connected, neighbours
from tests.queries import queries_of
from tests.reference import reference_db  # noqa: F401
from tests.viewers import viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_db")]

SHIRIBESHI_15 = "01391 01392 01393 01395 01396 01397 01398 01399 01401 01402 01403 01406 01407 01408 01409"


def codes(*five: str) -> list[str]:
    return list(Municipality.objects.filter(code__regex=f"^({'|'.join(five)})").values_list("code", flat=True))


def test_touching_is_mutual():
    around = neighbours()
    assert all(code in around[other] for code, others in around.items() for other in others)


def test_hokkaido_has_two_municipalities_without_a_land_neighbour():
    everyone = list(
        Municipality.objects.filter(prefecture="01", northern_territory=False).values_list("code", flat=True)
    )
    alone = [code for code, others in neighbours(list(everyone)).items() if not others]
    assert sorted(Municipality.objects.filter(code__in=alone).values_list("name", flat=True)) == ["奥尻町", "礼文町"]


def test_nemuro_hangs_together_and_shiribeshi_only_after_rankoshi_joined():
    """後志15町村: 島牧・寿都・黒松内 lie apart from the other twelve until 蘭越町 joins in FY2022."""
    assert is_connected(codes("01223", "01691", "01692", "01693", "01694"))
    fifteen = codes(*SHIRIBESHI_15.split())
    assert sorted(map(len, groups(fifteen, neighbours(fifteen)))) == [3, 12]
    assert is_connected([*fifteen, *codes("01394")])


def test_kutchan_touches_six_others():
    (kutchan,) = codes("01400")
    names = Municipality.objects.filter(code__in=neighbours([kutchan])[kutchan]).values_list("name", flat=True)
    assert set(names) == {"蘭越町", "ニセコ町", "京極町", "共和町", "仁木町", "赤井川村"}


def test_a_border_that_has_ended_is_no_border():
    pair = Adjacency.objects.filter(a="012238").first()
    pair.valid_to = date(2020, 3, 31)
    pair.save()
    assert pair.b_id in neighbours(["012238"], date(2020, 3, 31))["012238"]
    assert pair.b_id not in neighbours(["012238"], date(2020, 4, 1))["012238"]


def test_one_question_is_enough_for_all():
    assert len(queries_of(lambda: neighbours(codes("01223")))) == 2  # one of them reads the codes
    assert len(queries_of(neighbours)) == 1


def test_nobody_and_one_alone_are_connected():
    assert is_connected([])
    assert is_connected(["013676"])  # 奥尻町


def test_tomari_exists_twice_and_is_refused_by_name():
    with pytest.raises(NameNotUnique, match="014036（古宇郡）、016969（国後郡）"):
        Municipality.objects.find_by_name("泊村", "01")


def test_a_name_is_matched_inside_its_prefecture_only():
    assert Municipality.objects.find_by_name("朝日町", "06").code == "063231"
    with pytest.raises(NameUnknown, match="朝日町"):
        Municipality.objects.find_by_name("朝日町", "01")
    with pytest.raises(NameUnknown):
        Municipality.objects.find_by_name("根室", "01")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("根室", "根室市"),
        ("ねむろ", "根室市"),
        ("ネムロ", "根室市"),
        ("ﾈﾑﾛ", "根室市"),
        ("012238", "根室市"),
        ("01223", "根室市"),
        ("ニセコ", "ニセコ町"),
        ("にせこ", "ニセコ町"),
    ],
)
def test_a_municipality_is_found_by_name_reading_and_code(typed, name):
    assert name in Municipality.objects.search(typed).values_list("name", flat=True)


def test_an_empty_search_is_no_search():
    assert Municipality.objects.search(" ").count() == Municipality.objects.count()


def test_everyone_with_a_post_sees_municipalities_and_a_stranger_none():
    assert Municipality.objects.visible_to(NOBODY).count() == 0
    for duty in Duty:
        assert Municipality.objects.visible_to(viewer(duty)).count() == 185 + 35


def test_readings_sort_like_a_dictionary():
    assert sorted(["がっこう", "かき", "かぎ", "カーテン", "きゃ"], key=kana_key)[:2] == ["カーテン", "かき"]
    assert kana_key("ニセコちょう") == "にせこちよう"
    assert hiragana("ﾆｾｺﾁｮｳ") == "にせこちょう"
    first = Municipality.objects.filter(prefecture="01").order_by("kana_key", "code").first()
    assert first.name == "愛別町"
