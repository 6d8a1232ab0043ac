"""Named questions about posts."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet


class PostQuerySet(QuerySet):
    """Who holds which duty where, and when."""

    def held(self, on: date) -> PostQuerySet:
        """Posts in force on the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, user__is_active=True)
