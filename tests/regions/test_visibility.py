"""Territorial scope: what each office may know exists (domain §2)."""

from datetime import date

import pytest

from common.viewer import NOBODY, Duty
from regions.models import Agreement, ConferenceMeeting, ForwardPlan, Region, Vision
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.regions import AgreementFactory, ForwardPlanFactory, RegionFactory, VisionFactory
from tests.viewers import viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def across():
    """北渡島檜山４町: two towns under 渡島, two under 檜山, led from 渡島."""
    oshima, hiyama = BureauFactory(code="oshima"), BureauFactory(code="hiyama")
    towns = [MunicipalityFactory(name=name, bureau=oshima) for name in ("八雲町", "長万部町")]
    towns += [MunicipalityFactory(name=name, bureau=hiyama) for name in ("今金町", "せたな町")]
    return RegionFactory(name="北渡島檜山４町連携地域", members=towns, state="idea")


def seen(model, person):
    return list(model.objects.visible_to(person))


def test_an_idea_across_two_bureaus_is_seen_by_both_and_by_no_third(across):
    BureauFactory(code="soya")
    for bureau, found in [("oshima", [across]), ("hiyama", [across]), ("soya", [])]:
        assert seen(Region, viewer(Duty.BS, bureau=bureau)) == found


def test_both_bureaus_count_it_as_their_own_also_when_it_is_formed(across):
    Region.objects.filter(pk=across.pk).update(state="formed")
    BureauFactory(code="soya")
    for bureau, own in [("oshima", True), ("hiyama", True), ("soya", False)]:
        person = viewer(Duty.BS, bureau=bureau)
        assert Region.objects.own_to(person).exists() is own
        assert Region.objects.visible_to(person).exists()
    assert across in Region.objects.touching("hiyama")


def test_an_idea_is_known_to_its_members_and_to_headquarters(across):
    member = across.memberships.first().municipality
    stranger = MunicipalityFactory()
    assert seen(Region, viewer(Duty.MP, municipality=member.code)) == [across]
    assert seen(Region, viewer(Duty.MP, municipality=stranger.code)) == []
    assert seen(Region, viewer(Duty.HS)) == [across]
    assert seen(Region, viewer(Duty.OB)) == []


def test_a_formed_region_is_known_to_everyone_who_signed_in(across):
    Region.objects.filter(pk=across.pk).update(state="formed")
    stranger = MunicipalityFactory()
    for person in (viewer(Duty.MP, municipality=stranger.code), viewer(Duty.OB), viewer(Duty.AU)):
        assert seen(Region, person) == [across]


def test_who_left_still_knows_the_region(across):
    membership = across.memberships.last()
    membership.left_on = date(2023, 3, 31)
    membership.save()
    assert seen(Region, viewer(Duty.MP, municipality=membership.municipality_id)) == [across]


def test_nobody_sees_nothing(across):
    AgreementFactory(region=across)
    for model in (Region, Agreement, Vision, ForwardPlan, ConferenceMeeting):
        assert seen(model, NOBODY) == []


@pytest.mark.parametrize(
    ("state", "member", "own_bureau", "other_bureau", "headquarters", "association"),
    [
        ("draft", True, False, False, True, False),
        ("consent", True, True, False, True, False),
        ("in_force", True, True, True, True, True),
        ("ended", True, True, True, True, True),
    ],
)
def test_an_agreement_is_public_once_signed(across, state, member, own_bureau, other_bureau, headquarters, association):
    agreement = AgreementFactory(region=across, state=state)
    BureauFactory(code="soya")
    town = across.memberships.last().municipality_id
    for person, sees in [
        (viewer(Duty.MP, municipality=town), member),
        (viewer(Duty.BS, bureau="hiyama"), own_bureau),
        (viewer(Duty.BS, bureau="soya"), other_bureau),
        (viewer(Duty.HS), headquarters),
        (viewer(Duty.OB), association),
        (viewer(Duty.MP, municipality=MunicipalityFactory().code), association),
    ]:
        assert seen(Agreement, person) == ([agreement] if sees else []), person.office


def test_a_town_asked_for_its_consent_sees_the_draft_before_it_is_a_member(across):
    agreement = AgreementFactory(region=across, state="consent")
    newcomer = MunicipalityFactory()
    person = viewer(Duty.MA, municipality=newcomer.code)
    assert seen(Agreement, person) == []
    agreement.consents.create(municipality=newcomer)
    assert seen(Agreement, person) == [agreement]
    assert list(Agreement.objects.awaiting(newcomer.code)) == [agreement]


@pytest.mark.parametrize(
    ("state", "own_bureau", "other"), [("draft", False, False), ("consulted", True, False), ("adopted", True, True)]
)
def test_a_vision_is_public_once_adopted(across, state, own_bureau, other):
    vision = VisionFactory(region=across, state=state)
    town = across.memberships.last().municipality_id
    for person, sees in [
        (viewer(Duty.MP, municipality=town), True),
        (viewer(Duty.BS, bureau="oshima"), own_bureau),
        (viewer(Duty.HS), True),
        (viewer(Duty.OB), other),
        (viewer(Duty.MP, municipality=MunicipalityFactory().code), other),
    ]:
        assert seen(Vision, person) == ([vision] if sees else []), person.office


@pytest.mark.parametrize(
    ("state", "own_town", "other_bureau"),
    [("draft", False, False), ("conference", True, False), ("adopted", True, True)],
)
def test_a_forward_plan_opens_to_the_towns_of_the_bureau_with_the_conference(state, own_town, other_bureau):
    bureau = BureauFactory(code="oshima")
    town, stranger = MunicipalityFactory(bureau=bureau), MunicipalityFactory()
    plan = ForwardPlanFactory(bureau=bureau, state=state)
    for person, sees in [
        (viewer(Duty.BS, bureau="oshima"), True),
        (viewer(Duty.BS, bureau="soya"), other_bureau),
        (viewer(Duty.MP, municipality=town.code), own_town),
        (viewer(Duty.MP, municipality=stranger.code), other_bureau),
        (viewer(Duty.HS), True),
        (viewer(Duty.OB), other_bureau),
    ]:
        assert seen(ForwardPlan, person) == ([plan] if sees else []), person.office


@pytest.mark.parametrize(("state", "others"), [("scheduled", False), ("held", True)])
def test_a_planned_meeting_is_known_to_those_who_attend(state, others):
    parent = BureauFactory(code="murayama")
    branch = BureauFactory(code="nishimurayama", parent=parent)
    town = MunicipalityFactory(bureau=branch)
    meeting = ConferenceMeeting.objects.create(
        bureau=parent, title="検討会議", planned_on=date(2026, 11, 1), held_on=date(2026, 11, 1), state=state
    )
    for person, sees in [
        (viewer(Duty.BS, bureau="murayama"), True),
        (viewer(Duty.MP, municipality=town.code), True),
        (viewer(Duty.BS, bureau="soya"), others),
        (viewer(Duty.MP, municipality=MunicipalityFactory().code), others),
        (viewer(Duty.HS), True),
        (viewer(Duty.OB), others),
    ]:
        assert seen(ConferenceMeeting, person) == ([meeting] if sees else []), person.office
