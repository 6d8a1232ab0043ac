"""Two approvers at the same moment, on a real PostgreSQL: the agreement comes into force once, with one paper."""

from __future__ import annotations

from datetime import date

import pytest

from common import audit
from common.errors import Refused
from common.models import DocumentIssue
from regions import services
from tests.at_once import at_once

from .conftest import World

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DRAFT = services.AgreementDraft(title="南空知連携協定", framework=True)
GIVEN = {"agreed_on": date(2026, 11, 1), "document_no": "第1号"}


def asked(world: World):
    agreement = services.create_agreement(world.region.pk, DRAFT, viewer=world.planner())
    return services.start_consent(agreement.pk, viewer=world.planner())


def test_of_two_last_consents_at_once_both_count_and_it_is_in_force_once():
    world = World()
    agreement = asked(world)
    approvers = [world.approver(), world.approver(world.yuni)]
    answers = at_once(
        *[lambda one=one: services.record_consent(agreement.pk, viewer=one, **GIVEN) for one in approvers]
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    agreement.refresh_from_db()
    assert agreement.state == "in_force"
    assert set(agreement.consents.values_list("state", flat=True)) == {"done"}
    assert DocumentIssue.objects.filter(kind="D-23").count() == 1
    assert audit.first_broken() is None


def test_a_double_click_consents_once_and_says_so():
    world = World()
    agreement = asked(world)
    approver = world.approver()
    answers = at_once(*[lambda: services.record_consent(agreement.pk, viewer=approver, **GIVEN)] * 2)
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 1
    assert "既に記録されています" in str(refused[0])
    agreement.refresh_from_db()
    assert agreement.state == "consent"


def test_a_consent_and_a_wish_for_change_at_once_leave_no_half_state():
    world = World()
    agreement = asked(world)
    services.record_consent(agreement.pk, viewer=world.approver(), **GIVEN)
    yuni = world.approver(world.yuni)
    at_once(
        lambda: services.record_consent(agreement.pk, viewer=yuni, **GIVEN),
        lambda: services.decline_consent(agreement.pk, viewer=yuni, reason="見直したい"),
    )
    agreement.refresh_from_db()
    states = set(agreement.consents.values_list("state", flat=True))
    assert (agreement.state, states) in [("in_force", {"done"}), ("draft", {"none"})]
    assert DocumentIssue.objects.filter(kind="D-23").count() == (agreement.state == "in_force")
