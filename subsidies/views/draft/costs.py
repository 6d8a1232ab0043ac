"""Step 4: what it costs, what comes in, the grant asked for and how it is shared."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from common.merging import Typed
from common.yen import parse_yen

from ...forms.costs import CostStep
from ...initiatives import expected_of
from ...services import drafts
from ...sums import Sums, sums_of
from .frame import StepView


class CostsView(StepView):
    """経費; sums that do not add up are said at once and never keep anyone from saving."""

    slug = "costs"
    template = "subsidies/draft/costs.html"

    def form(self, data: QueryDict | None = None) -> CostStep:
        return CostStep(self.application, data, more=self.more)

    def press(self, typed: Typed) -> Typed:
        """「均等に配分する」 fills in the split of what is asked for."""
        if "even" not in self.request.POST:
            return typed
        try:
            requested = parse_yen(typed.get("requested_yen", ["0"])[0])
        except ValueError:
            return typed
        codes = [part.municipality_id for part in self.application.parts.all()]
        split = drafts.even_split(max(requested, 0), codes)
        return typed | {f"split_{code}": [f"{yen:,}"] for code, yen in split.items()}

    def keep(self, form: CostStep) -> None:  # type: ignore[override]
        drafts.save_costs(
            application_id=self.application.pk,
            viewer=self.request.viewer,
            revision=self.application.revision,
            costs=form.lines,
            incomes=form.income_lines,
            requested_yen=form.requested_yen,
            shares=form.share.shares,
        )

    def sums(self, form: CostStep) -> Sums:
        """The sums of what stands in the form, as far as it can be read."""
        if not form.share.is_bound:
            application = self.application
            return sums_of(
                [
                    {"amount_yen": line.amount_yen, "eligible_yen": line.eligible_yen}
                    for line in application.costs.all()
                ],
                [{"amount_yen": line.amount_yen} for line in application.incomes.all()],
                application.requested_yen,
                [(part.split_yen, part.burden_yen) for part in application.parts.all()],
            )
        form.is_valid()
        read: dict[str, Any] = form.share.cleaned_data
        codes = [part.municipality_id for part in form.share.parts]
        return sums_of(
            [row.cleaned_data for row in form.costs.rows],
            [row.cleaned_data for row in form.incomes.rows],
            read.get("requested_yen"),
            [(read.get(f"split_{code}"), read.get(f"burden_{code}")) for code in codes],
        )

    def context(self, form: CostStep) -> dict[str, Any]:  # type: ignore[override]
        return {
            "sums": self.sums(form),
            "expected": expected_of(self.application) if not self.request.htmx else [],
            "live_piece": "subsidies/draft/_sums.html",
        }
