"""Named questions about municipalities."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery


class MunicipalityQuerySet(QuerySet):
    """Municipalities are public: everyone who signed in may know them."""

    def existing(self, on: date) -> MunicipalityQuerySet:
        """Those that exist on the day and are inside Japanese administration (no northern-territory village)."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on), northern_territory=False
        )

    def under(self, bureau_code: str, on: date) -> MunicipalityQuerySet:
        """Those under the bureau or one of its branches on the day."""
        from .models import Jurisdiction

        return self.filter(
            Exists(
                Jurisdiction.objects.filter(
                    Q(bureau=bureau_code) | Q(bureau__parent=bureau_code),
                    Q(valid_to=None) | Q(valid_to__gte=on),
                    municipality=OuterRef("pk"),
                    valid_from__lte=on,
                )
            )
        )

    def with_bureau(self, on: date) -> MunicipalityQuerySet:
        """Each with `bureau_code` and `bureau_name` of that day (None where there is no bureau)."""
        from .models import Jurisdiction

        held = Jurisdiction.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), municipality=OuterRef("pk"), valid_from__lte=on
        )
        return self.annotate(
            bureau_code=Subquery(held.values("bureau")[:1]), bureau_name=Subquery(held.values("bureau__name")[:1])
        )
