"""Named questions about tasks, notices and files."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from .viewer import Viewer


class TaskQuerySet(QuerySet):
    """Long work: who may follow it, and what a worker takes next."""

    def visible_to(self, viewer: Viewer) -> TaskQuerySet:
        """Tasks this person started herself; a task has no territory."""
        return self.filter(created_by_id=viewer.user_id) if viewer.user_id else self.none()

    def due(self) -> TaskQuerySet:
        """Tasks a worker may take: waiting and due, or held by a worker whose lease ran out; oldest first."""
        waiting = Q(state__in=["queued", "failed"], run_after__lte=Now())
        abandoned = Q(state="running", lease_until__lt=Now())
        return self.filter(waiting | abandoned).order_by("run_after", "id")

    def unfinished(self) -> TaskQuerySet:
        """Tasks that still wait, run, or will be tried again."""
        return self.filter(state__in=["queued", "running", "failed"])
