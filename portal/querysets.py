"""Named questions about what the portal itself keeps."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from common.viewer import Access, Viewer

from .duties import INDICATORS


class PrefIndicatorQuerySet(QuerySet):
    """Prefecture-wide indicators. They are public; values that nobody has confirmed yet are headquarters' own."""

    def visible_to(self, viewer: Viewer) -> PrefIndicatorQuerySet:
        """Every indicator, for whoever may read them at all (row 35)."""
        return self.all() if viewer.may(INDICATORS) else self.none()

    def with_values(self, viewer: Viewer | None = None) -> PrefIndicatorQuerySet:
        """Each with `official`: the values that this person may read, oldest first (without a person: confirmed)."""
        from .models import PrefIndicatorValue

        rows = PrefIndicatorValue.objects.order_by("fiscal_year")
        if viewer is None or not (viewer.may(INDICATORS, Access.EDIT) or viewer.may(INDICATORS, Access.SUBMIT)):
            rows = rows.filter(Q(entered_by=None) | Q(confirmed_at__isnull=False))
        return self.prefetch_related(Prefetch("values", rows, to_attr="official"))
