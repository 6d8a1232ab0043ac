"""An agreement is in force only when every member has consented."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common import audit
from common.errors import Refused
from regions import services
from regions.models import Agreement, Region
from tests.factories.regions import AgreementFactory

DRAFT = services.AgreementDraft(title="南空知連携協定", framework=True, fields=("disaster",))
DAY = date(2026, 10, 1)


def consent(agreement, viewer, **given):
    values = {"agreed_on": DAY, "document_no": "第1号"} | given
    return services.record_consent(agreement.pk, viewer=viewer, **values)


@pytest.fixture
def asked(world):
    """An agreement of both towns that waits for their consent."""
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    return services.start_consent(agreement.pk, viewer=world.planner())


def test_the_parties_of_a_draft_are_the_members_of_today(world):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    assert (agreement.state, agreement.version) == ("draft", 1)
    assert set(agreement.consents.values_list("municipality__name", flat=True)) == {"長沼町", "由仁町"}
    assert list(agreement.fields.values_list("name", flat=True)) == ["防災"]


def test_it_comes_into_force_with_the_last_consent_and_forms_the_region(world, asked):
    Region.objects.filter(pk=world.region.pk).update(state="idea")
    assert consent(asked, world.approver()).state == "consent"
    agreement = consent(asked, world.approver(world.yuni), agreed_on=DAY + timedelta(days=3))
    assert (agreement.state, agreement.signed_on) == ("in_force", date(2026, 10, 4))
    assert agreement.in_force_on == date(2026, 10, 4)
    world.region.refresh_from_db()
    assert world.region.state == "formed"


def test_it_takes_effect_on_the_planned_day_if_that_is_later(world):
    draft = replace(DRAFT, in_force_on=date(2027, 4, 1))
    agreement = services.create_agreement(world.region.pk, draft, viewer=world.planner())
    services.start_consent(agreement.pk, viewer=world.planner())
    consent(agreement, world.approver())
    agreement = consent(agreement, world.approver(world.yuni))
    assert (agreement.signed_on, agreement.in_force_on) == (DAY, date(2027, 4, 1))
    assert not Agreement.objects.in_force(date(2027, 3, 31)).exists()
    assert Agreement.objects.in_force(date(2027, 4, 1)).exists()


def test_a_consent_that_waits_for_the_council_holds_it_back(world, asked):
    consent(asked, world.approver())
    held = consent(asked, world.approver(world.yuni), needs_council=True)
    assert held.state == "consent"
    assert held.consents.get(municipality=world.yuni).state == "council"
    done = consent(asked, world.approver(world.yuni), needs_council=True, council_resolved_on=date(2026, 11, 5))
    assert (done.state, done.signed_on) == ("in_force", date(2026, 11, 5))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"agreed_on": date(2026, 11, 22)}, "同意日に将来の日は指定できません。"),
        ({"document_no": " "}, "文書番号を入力してください。"),
        ({"council_resolved_on": DAY}, "議決日は、議決を要する場合だけ入力してください。"),
        (
            {"needs_council": True, "council_resolved_on": date(2026, 11, 22)},
            "議決日に将来の日は指定できません。",
        ),
    ],
)
def test_a_consent_without_its_evidence_is_refused(world, asked, given, sentence):
    with pytest.raises(Refused, match=sentence):
        consent(asked, world.approver(), **given)
    assert asked.consents.get(municipality=world.naganuma).state == "none"


def test_nobody_consents_for_another_town_or_twice(world, asked):
    with pytest.raises(PermissionDenied):
        consent(asked, world.planner())
    with pytest.raises(PermissionDenied):
        consent(asked, world.reviewer())
    with pytest.raises(Agreement.DoesNotExist):
        consent(asked, world.approver(world.betsukai))
    consent(asked, world.approver())
    with pytest.raises(Refused, match="既に記録されています"):
        consent(asked, world.approver())


def test_a_refusal_makes_it_a_draft_again_and_every_consent_starts_anew(world, asked):
    consent(asked, world.approver())
    with pytest.raises(Refused, match="理由"):
        services.decline_consent(asked.pk, reason=" ", viewer=world.approver(world.yuni))
    declined = services.decline_consent(asked.pk, reason="負担割合を見直したい", viewer=world.approver(world.yuni))
    assert declined.state == "draft"
    assert set(declined.consents.values_list("state", "agreed_on")) == {("none", None)}


def test_the_text_is_frozen_once_consent_was_asked_for(world, asked):
    with pytest.raises(Refused, match="同意確認中"):
        services.update_agreement(asked.pk, DRAFT, viewer=world.planner())


def test_one_version_is_made_at_a_time(world, asked):
    with pytest.raises(Refused, match="作成中の協定があります"):
        services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": " "}, "題名を入力してください。"),
        ({"parties": ("014281",)}, "2つ以上"),
        ({"parties": ("014281", "014281")}, "2回"),
        ({"parties": ("014281", "999999")}, "999999"),
        ({"parties": ("014273", "014290")}, "代表市町村（長沼町）"),
        ({"fields": ("disaster", "no-such-field")}, "分野"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_whole(world, change, sentence):
    with pytest.raises(Refused, match=sentence):
        services.create_agreement(world.region.pk, replace(DRAFT, **change), viewer=world.planner())
    assert not Agreement.objects.exists()


def test_consent_is_not_asked_for_without_a_purpose(world):
    agreement = services.create_agreement(
        world.region.pk, replace(DRAFT, articles={"purpose": ""}), viewer=world.planner()
    )
    with pytest.raises(Refused, match="目的を入力してください。"):
        services.start_consent(agreement.pk, viewer=world.planner())


@pytest.mark.parametrize("who", ["approver", "reviewer", "head"])
def test_only_a_planner_writes_the_draft(world, who):
    with pytest.raises(PermissionDenied):
        services.create_agreement(world.region.pk, DRAFT, viewer=getattr(world, who)())


def test_a_planner_of_another_region_does_not_write_here(world):
    with pytest.raises(PermissionDenied, match="構成市町村"):
        services.create_agreement(world.region.pk, DRAFT, viewer=world.planner(world.betsukai))


def test_an_amendment_brings_a_newcomer_in_and_ends_the_version_before(world):
    first = AgreementFactory(region=world.region)
    second = services.amend(first.pk, viewer=world.planner())
    draft = replace(DRAFT, parties=("014281", "014273", "014290"), in_force_on=date(2027, 4, 1))
    services.update_agreement(second.pk, draft, viewer=world.planner())
    services.start_consent(second.pk, viewer=world.planner())
    for town in (world.naganuma, world.yuni, world.kuriyama):
        consent(second, world.approver(town))
    first.refresh_from_db()
    assert (first.state, first.ended_on) == ("amended", date(2027, 3, 31))
    joined = world.region.memberships.get(municipality=world.kuriyama)
    assert (joined.joined_on, joined.agreement_id) == (date(2027, 4, 1), second.pk)
    assert [row.version for row in Agreement.objects.in_force(date(2027, 3, 31))] == [1]
    assert [row.version for row in Agreement.objects.in_force(date(2027, 4, 1))] == [2]


def test_an_amendment_without_a_member_lets_it_go_the_day_before(world):
    world.region.memberships.create(municipality=world.kuriyama, joined_on=date(2022, 4, 1))
    first = AgreementFactory(region=world.region)
    second = services.amend(first.pk, viewer=world.planner())
    services.update_agreement(second.pk, replace(DRAFT, parties=("014281", "014273")), viewer=world.planner())
    services.start_consent(second.pk, viewer=world.planner())
    consent(second, world.approver())
    consent(second, world.approver(world.yuni))
    assert world.region.memberships.get(municipality=world.kuriyama).left_on == DAY - timedelta(days=1)


def test_a_version_that_would_start_before_the_one_in_force_is_refused(world):
    AgreementFactory(region=world.region, in_force_on=date(2026, 10, 5), signed_on=date(2026, 10, 5))
    second = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    services.start_consent(second.pk, viewer=world.planner())
    consent(second, world.approver())
    with pytest.raises(Refused, match="効力発生日より後"):
        consent(second, world.approver(world.yuni))
    second.refresh_from_db()
    assert second.state == "consent"
    assert second.consents.get(municipality=world.yuni).state == "none"


def test_only_the_lead_ends_it_with_a_reason_and_not_before_it_began(world):
    agreement = AgreementFactory(region=world.region)
    with pytest.raises(PermissionDenied, match="代表市町村（長沼町）"):
        services.end_agreement(agreement.pk, ended_on=DAY, reason="国制度へ移行", viewer=world.approver(world.yuni))
    for given, sentence in [({"reason": ""}, "理由"), ({"ended_on": date(2022, 3, 31)}, "効力発生日より前")]:
        values = {"ended_on": DAY, "reason": "国制度へ移行"} | given
        with pytest.raises(Refused, match=sentence):
            services.end_agreement(agreement.pk, viewer=world.approver(), **values)
    ended = services.end_agreement(agreement.pk, ended_on=DAY, reason="国制度へ移行", viewer=world.approver())
    assert (ended.state, ended.ended_on) == ("ended", DAY)


def test_the_bureau_head_notes_the_receipt_and_no_one_else(world):
    agreement = AgreementFactory(region=world.region)
    with pytest.raises(PermissionDenied):
        services.receive_agreement(agreement.pk, received_on=DAY, viewer=world.reviewer())
    with pytest.raises(PermissionDenied):
        services.receive_agreement(agreement.pk, received_on=DAY, viewer=world.head(world.nemuro))
    with pytest.raises(PermissionDenied, match="主管振興局"):
        services.receive_agreement(agreement.pk, received_on=DAY, viewer=world.approver())
    assert services.receive_agreement(agreement.pk, received_on=DAY, viewer=world.head()).received_on == DAY


def test_every_step_stands_in_the_audit_chain_of_the_region(world, asked):
    consent(asked, world.approver())
    consent(asked, world.approver(world.yuni))
    titles = [event.title for event in audit.timeline(world.region, internal=False)]
    assert titles == [
        "協定 第1版が効力を持つ",
        "協定 第1版に由仁町が同意済",
        "協定 第1版に長沼町が同意済",
        "協定 第1版の同意を各市町村へ依頼",
        "協定 第1版の案を作成",
    ]
    assert audit.first_broken() is None
