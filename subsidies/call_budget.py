"""What became of a call's budget, bureau by bureau (庁内限り): allotted, requested, proposed … left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import Count, Q, Sum

from municipalities.models import Bureau

from .budget_round import UNDECIDED
from .models import Application, Call, Payment
from .states import ENDED_WITHOUT_GRANT


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Money of a bureau, or of all, in whole yen. `requested_yen` counts what was submitted and has not ended without
    grant, `reviewed_yen` the part of it that is not decided yet, `proposed_yen` what is proposed for those under
    review, `selected_yen` what was promised (内定) and `committed_yen` what is granted and not released."""

    allotted_yen: int
    applications: int
    requested_yen: int
    reviewed_yen: int
    proposed_yen: int
    selected_yen: int
    committed_yen: int
    paid_yen: int
    returned_yen: int

    @property
    def left_yen(self) -> int:
        return self.allotted_yen - self.committed_yen

    @property
    def short(self) -> bool:
        """Whether what is asked for does not fit into the allotment."""
        return self.requested_yen > self.allotted_yen


@dataclass(frozen=True, kw_only=True)
class BudgetRow(Amounts):
    """One bureau's line."""

    bureau: Bureau


def budget_of(call: Call) -> list[BudgetRow]:
    """Return every bureau of the prefecture in its order. Four queries."""
    allotted = {row.bureau_id: row for row in call.allotments.all()}
    submitted = Application.objects.filter(call=call, submitted_at__isnull=False).exclude(state__in=ENDED_WITHOUT_GRANT)
    sums = {
        row["lead_bureau"]: row
        for row in submitted.order_by()
        .values("lead_bureau")
        .annotate(
            count=Count("pk"),
            requested=Sum("requested_yen"),
            reviewed=Sum("requested_yen", filter=Q(granted_yen=None)),
            proposed=Sum("proposed_yen", filter=Q(state__in=UNDECIDED, selected_yen=None)),
            selected=Sum("selected_yen"),
        )
    }

    back = Q(kind=Payment.Kind.RETURN)
    moved = {
        row["application__lead_bureau"]: row
        for row in Payment.objects.filter(application__call=call, state=Payment.State.PAID)
        .order_by()
        .values("application__lead_bureau")
        .annotate(paid=Sum("amount_yen", filter=~back), returned=Sum("amount_yen", filter=back))
    }

    def row_of(bureau: Bureau) -> BudgetRow:
        row, sum_, money = allotted.get(bureau.pk), sums.get(bureau.pk, {}), moved.get(bureau.pk, {})
        return BudgetRow(
            bureau=bureau,
            allotted_yen=row.amount_yen if row else 0,
            applications=sum_.get("count", 0),
            requested_yen=sum_.get("requested") or 0,
            reviewed_yen=sum_.get("reviewed") or 0,
            proposed_yen=sum_.get("proposed") or 0,
            selected_yen=sum_.get("selected") or 0,
            committed_yen=row.committed_yen if row else 0,
            paid_yen=money.get("paid") or 0,
            returned_yen=money.get("returned") or 0,
        )

    return [row_of(bureau) for bureau in Bureau.objects.filter(prefecture=call.program.prefecture_id, parent=None)]


def total_of(rows: Iterable[BudgetRow]) -> Amounts:
    """The line under the table."""
    kept = list(rows)
    return Amounts(**{field.name: sum(getattr(row, field.name) for row in kept) for field in fields(Amounts)})
