"""What became of a call's budget, bureau by bureau (庁内限り): allotted, asked for, decided, left."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Sum

from municipalities.models import Bureau

from .models import Application, Call
from .states import ENDED_WITHOUT_GRANT


@dataclass(frozen=True)
class BudgetRow:
    """One bureau, amounts in whole yen. `requested_yen` counts what was submitted and has not ended without grant."""

    bureau: Bureau
    allotted_yen: int
    applications: int
    requested_yen: int
    committed_yen: int

    @property
    def left_yen(self) -> int:
        return self.allotted_yen - self.committed_yen

    @property
    def short(self) -> bool:
        """Whether what is asked for does not fit into the allotment."""
        return self.requested_yen > self.allotted_yen


def budget_of(call: Call) -> list[BudgetRow]:
    """Return every bureau of the prefecture in its order. Three queries."""
    allotted = {row.bureau_id: row for row in call.allotments.all()}
    submitted = Application.objects.filter(call=call, submitted_at__isnull=False).exclude(state__in=ENDED_WITHOUT_GRANT)
    asked = {
        bureau: (count, yen)
        for bureau, count, yen in submitted.values_list("lead_bureau")
        .annotate(Count("pk"), Sum("requested_yen"))
        .order_by()
    }
    return [
        BudgetRow(
            bureau=bureau,
            allotted_yen=row.amount_yen if (row := allotted.get(bureau.pk)) else 0,
            applications=asked.get(bureau.pk, (0, 0))[0],
            requested_yen=asked.get(bureau.pk, (0, 0))[1],
            committed_yen=row.committed_yen if row else 0,
        )
        for bureau in Bureau.objects.filter(prefecture=call.program.prefecture_id, parent=None)
    ]
