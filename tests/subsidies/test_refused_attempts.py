"""What is not allowed now changes nothing; that it was tried stands in the audit chain, and nowhere else."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from common import attempts, audit
from common.errors import Refused
from common.models import AuditEvent
from subsidies.audit_trail import events_of
from subsidies.models import Application
from subsidies.services import drafts, reviews, settlements, submissions
from tests.factories.subsidies import Scene
from tests.viewers import client_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_refused_form_leaves_its_event_and_nothing_else(scene: Scene):
    case = scene.application("bureau_review")
    before, events = Application.objects.filter(pk=case.pk).values().get(), AuditEvent.objects.count()
    client_for(scene.reviewer()).post(
        reverse("subsidies:application_receive", args=[case.pk]), {"received_on": "2026-11-20"}
    )
    assert Application.objects.filter(pk=case.pk).values().get() == before
    tried = AuditEvent.objects.latest("id")
    assert (AuditEvent.objects.count(), tried.action) == (events + 1, "application.receive.refused")
    assert (tried.user_id, tried.internal) == (scene.reviewer().user_id, True)
    assert "行えません" in tried.reason
    assert audit.first_broken() is None


@pytest.mark.parametrize(
    ("until", "act", "action"),
    [
        ("submitted", lambda s, pk: submissions.submit(application_id=pk, viewer=s.approver()), "application.submit"),
        ("draft", lambda s, pk: reviews.receive(application_id=pk, viewer=s.reviewer()), None),
        ("inspected", lambda s, pk: settlements.settle(application_id=pk, viewer=s.accountant()), "application.settle"),
        (
            "submitted",
            lambda s, pk: drafts.save_basic(
                application_id=pk, viewer=s.planner(), revision=None, values={"plan": "書き換え"}
            ),
            "application.edit",
        ),
    ],
    ids=["submitting twice", "what one may not know", "settling before the fixing", "editing what was submitted"],
)
def test_an_illegal_act_is_noted_outside_what_is_undone(scene: Scene, until: str, act, action: str | None):
    case = scene.application(until)
    state, events = case.state, list(AuditEvent.objects.values_list("id", flat=True))
    with attempts.kept(), pytest.raises((Refused, PermissionDenied, Application.DoesNotExist)):
        act(scene, case.pk)
    assert Application.objects.get(pk=case.pk).state == state
    new = list(AuditEvent.objects.exclude(id__in=events).values_list("action", flat=True))
    assert new == ([f"{action}.refused"] if action else [])


def test_the_line_of_the_case_keeps_to_what_happened_and_the_audit_shows_what_was_tried(scene: Scene):
    case = scene.application("submitted")
    with attempts.kept(), pytest.raises(Refused):
        submissions.submit(application_id=case.pk, viewer=scene.approver())
    assert not audit.timeline(case, internal=True).filter(action__endswith=audit.REFUSED).exists()
    assert events_of(case).filter(action__endswith=audit.REFUSED).count() == 1
