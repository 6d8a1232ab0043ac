"""Who is away in the demo: the head of 空知 for a few days next week, with a deputy (デモ)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from accounts.models import Absence, Post
from accounts.services import AbsenceDraft, enter_absence
from common.viewer import Duty, Viewer

HEAD, DEPUTY = "sorachi-kyokucho", "sorachi-shinsa"


def make_absences(people: Mapping[str, Viewer], today: date) -> Absence:
    """Enter the absence through the service."""
    head, deputy = people[HEAD], people[DEPUTY]
    office = Post.objects.get(user=head.user_id, duty=Duty.BM).office_id
    first = today + timedelta(days=5)
    draft = AbsenceDraft(head.person, office, first, first + timedelta(days=2), Absence.Reason.TRIP, deputy.person)
    return enter_absence(draft, viewer=head)
