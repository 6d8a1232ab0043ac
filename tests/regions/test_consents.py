"""The consent of each party: rounds, reminders, what is frozen when, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from common import clock, notices
from common.errors import Conflict, Refused
from common.models import AuditEvent, DocumentIssue
from regions import services
from regions.models import Agreement
from regions.services.due import run_due
from tests.factories.regions import AgreementFactory

DRAFT = services.AgreementDraft(title="南空知連携協定", framework=True, fields=("disaster",))
DAY = date(2026, 11, 1)
TODAY = date(2026, 11, 21)


@pytest.fixture
def agreement(world) -> Agreement:
    return services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())


def ask(world, agreement, **more):
    return services.start_consent(agreement.pk, viewer=world.planner(), **more)


def consent(agreement, viewer, **given):
    return services.record_consent(agreement.pk, viewer=viewer, **{"agreed_on": DAY, "document_no": "第1号"} | given)


def titles(viewer):
    return [notice.title for notice in notices.for_viewer(viewer)]


def test_a_declined_round_is_kept_with_its_text_its_answers_and_its_reason(world, agreement):
    ask(world, agreement)
    consent(agreement, world.approver())
    services.decline_consent(agreement.pk, reason="負担割合を見直したい", viewer=world.approver(world.yuni))
    first = agreement.rounds.get()
    assert (first.number, first.declined_by, first.reason) == (1, world.yuni, "負担割合を見直したい")
    assert [(one["name"], one["state"]) for one in first.answers] == [("由仁町", "未"), ("長沼町", "同意済")]
    assert first.content["clauses"][0]["heading"] == "目的"
    ask(world, agreement)
    services.decline_consent(agreement.pk, reason="もう一度", viewer=world.approver())
    assert list(agreement.rounds.values_list("number", flat=True)) == [1, 2]
    assert "南空知" in titles(world.planner(world.yuni))[0] or world.region.name in titles(world.planner(world.yuni))[0]


def test_what_was_asked_is_what_is_issued_even_if_the_region_changes_its_name_meanwhile(world, agreement):
    asked = ask(world, agreement).asked_content
    services.rename_region(world.region.pk, name="新しい地域", valid_from=date(2026, 11, 2), viewer=world.planner())
    consent(agreement, world.approver())
    consent(agreement, world.approver(world.yuni), agreed_on=DAY + timedelta(days=3), document_no="由企第2号")
    paper = DocumentIssue.objects.get(kind="D-23").snapshot
    assert paper["clauses"] == asked["clauses"]
    assert paper["preamble"] == asked["preamble"]
    assert [(one["title"], one["agreed_on"], one["document_no"]) for one in paper["signatories"]] == [
        ("由仁町長", "2026-11-04", "由企第2号"),
        ("長沼町長", "2026-11-01", "第1号"),
    ]
    assert paper["head"]["issued_on"] == "2026-11-04"
    assert paper["supplements"] == ["この協定は、令和８年１１月４日から効力を生ずる。"]


def test_a_consent_to_a_text_that_changed_since_it_was_read_is_refused(world, agreement):
    ask(world, agreement)
    read = agreement.revision
    services.decline_consent(agreement.pk, reason="直したい", viewer=world.approver())
    services.update_agreement(agreement.pk, replace(DRAFT, title="別の題名"), viewer=world.planner())
    ask(world, agreement)
    with pytest.raises(Conflict, match="内容が変わりました"):
        consent(agreement, world.approver(world.yuni), revision=read)
    agreement.refresh_from_db()
    assert consent(agreement, world.approver(world.yuni), revision=agreement.revision).state == "consent"


def test_a_save_upon_an_older_revision_is_a_conflict_and_writes_nothing(world, agreement):
    services.update_agreement(agreement.pk, replace(DRAFT, title="先の題名"), viewer=world.planner(), revision=1)
    with pytest.raises(Conflict, match="ほかの人がこの案を更新しました"):
        services.update_agreement(agreement.pk, replace(DRAFT, title="後の題名"), viewer=world.planner(), revision=1)
    agreement.refresh_from_db()
    assert (agreement.title, agreement.revision) == ("先の題名", 2)


def test_those_who_have_not_answered_are_reminded_once_a_day(world, agreement):
    ask(world, agreement)
    consent(agreement, world.approver())
    assert services.remind_consent(agreement.pk, viewer=world.planner()) == ["由仁町"]
    with pytest.raises(Refused, match="本日すでに督促"):
        services.remind_consent(agreement.pk, viewer=world.planner(world.yuni))
    assert sum("督促" in title for title in titles(world.approver(world.yuni))) == 1
    assert not any("督促" in title for title in titles(world.approver()))
    with clock.standing_at(clock.at(TODAY + timedelta(days=1))):
        assert services.remind_consent(agreement.pk, viewer=world.planner()) == ["由仁町"]
    assert AuditEvent.objects.filter(action="agreement.remind").count() == 2


def test_whoever_waits_for_the_council_has_answered(world, agreement):
    ask(world, agreement)
    consent(agreement, world.approver())
    consent(agreement, world.approver(world.yuni), needs_council=True)
    with pytest.raises(Refused, match="未回答の市町村はありません"):
        services.remind_consent(agreement.pk, viewer=world.planner())


@pytest.mark.parametrize("who", ["approver", "reviewer"])
def test_only_a_planner_of_a_party_reminds(world, agreement, who):
    ask(world, agreement)
    with pytest.raises(PermissionDenied):
        services.remind_consent(agreement.pk, viewer=getattr(world, who)())


@pytest.mark.parametrize(
    ("left", "reminded"), [(15, 0), (14, 2), (12, 2), (3, 2), (0, 2), (-1, 2), (-7, 2), (-8, 2), (-17, 2), (-18, 0)]
)
def test_time_reminds_each_party_fourteen_and_three_days_before_on_the_day_and_a_week_after(
    world, agreement, left, reminded
):
    """A day on which nothing ran is made up for, once; what lies longer back is let lie."""
    with clock.standing_at(clock.at(date(2026, 10, 1))):
        ask(world, agreement, answer_by=date(2026, 11, 1))
    on = date(2026, 11, 1) - timedelta(days=left)
    with clock.standing_at(clock.at(on)):
        assert run_due(on)["regions_reminded"] == reminded
        assert run_due(on)["regions_reminded"] == 0


def test_a_reminder_by_hand_silences_the_steps_up_to_that_day(world, agreement):
    with clock.standing_at(clock.at(date(2026, 10, 1))):
        ask(world, agreement, answer_by=date(2026, 11, 1))
    by_hand = date(2026, 10, 29)
    with clock.standing_at(clock.at(by_hand)):
        services.remind_consent(agreement.pk, viewer=world.planner())
        assert run_due(by_hand)["regions_reminded"] == 0
    with clock.standing_at(clock.at(date(2026, 11, 1))):
        assert run_due(date(2026, 11, 1))["regions_reminded"] == 2
    assert set(agreement.consents.values_list("reminded_on", flat=True)) == {date(2026, 11, 1)}


def test_an_agreement_without_a_wished_day_reminds_nobody_by_itself(world, agreement):
    ask(world, agreement)
    assert run_due(TODAY)["regions_reminded"] == 0


def test_a_wished_day_in_the_past_is_refused(world, agreement):
    with pytest.raises(Refused, match="回答の期限に過ぎた日"):
        ask(world, agreement, answer_by=date(2026, 11, 20))


def test_the_members_follow_an_amendment_with_a_joiner_and_a_leaver(world):
    world.region.memberships.create(municipality=world.kuriyama, joined_on=date(2022, 4, 1))
    first = AgreementFactory(region=world.region)
    start = date(2026, 12, 1)
    second = services.amend(
        first.pk, viewer=world.planner(), joiners=["016918"], leavers=["014290"], in_force_on=start
    )  # fmt: skip
    ask(world, second)
    for town in (world.naganuma, world.yuni, world.betsukai):
        consent(second, world.approver(town))
    assert world.region.memberships.get(municipality=world.betsukai).joined_on == start
    assert world.region.memberships.get(municipality=world.kuriyama).left_on == start - timedelta(days=1)
    assert any("締結されました" in title for title in titles(world.approver(world.kuriyama)))
    assert any("要受理" in title for title in titles(world.head()))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"leavers": ["014281"]}, "長沼町は代表市町村です"),
        ({"leavers": ["016918"]}, "いまの構成市町村から"),
        ({"joiners": ["014273"]}, "由仁町は、既に構成市町村です"),
        ({"leavers": ["014273"]}, "2つ以上"),
        ({"joiners": ["999999"]}, "999999"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_whole(world, given, sentence):
    first = AgreementFactory(region=world.region)
    with pytest.raises(Refused, match=sentence):
        services.amend(first.pk, viewer=world.planner(), **given)
    assert Agreement.objects.count() == 1


def test_an_amendment_carries_articles_table_and_shares_but_not_those_of_the_leaver(world):
    world.region.memberships.create(municipality=world.kuriyama, joined_on=date(2022, 4, 1))
    first = services.create_agreement(world.region.pk, replace(DRAFT, framework=False), viewer=world.planner())
    entry = services.InitiativeEntry("共同訓練", secretariat="014290", roles={"014290": "企画", "014273": "会場"})
    services.save_initiative(first.pk, entry, viewer=world.planner())
    shares = {"014281": 5_000, "014273": 3_000, "014290": 2_000}
    services.save_costs(first.pk, method="custom", shares=shares, viewer=world.planner())
    ask(world, first)
    for town in (world.naganuma, world.yuni, world.kuriyama):
        consent(first, world.approver(town))
    second = services.amend(first.pk, viewer=world.planner(), leavers=["014290"])
    row = second.initiatives.get()
    assert (row.secretariat, list(row.roles.values_list("text", flat=True))) == (None, ["会場"])
    with pytest.raises(Refused, match=r"いま80\.00％"):
        ask(world, second)


def test_an_amendment_to_begin_before_the_version_in_force_is_told_before_anyone_is_asked(world):
    first = AgreementFactory(region=world.region)
    second = services.amend(first.pk, viewer=world.planner(), in_force_on=date(2022, 4, 1))
    with pytest.raises(Refused, match="第1版の効力発生日より後"):
        ask(world, second)
