"""The filters of the ledger, read from the address; what cannot be read narrows nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from common.fiscal_year import FiscalYear
from common.viewer import Viewer

from ..ledger import LedgerFilters
from ..models import Call
from .filtering import ALL, bureau_choices, year_choices


class LedgerForm(forms.Form):
    """Filters as they stand in the address."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    call = forms.TypedChoiceField(label="募集", required=False, coerce=int, empty_value=None)
    bureau = forms.ChoiceField(label="主管振興局", required=False)

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data, auto_id="ledger-%s")
        calls = list(Call.objects.visible_to(viewer).select_related("program").order_by("-fiscal_year", "program"))
        years = sorted({call.fiscal_year for call in calls}, reverse=True)
        self.fields["year"].choices = year_choices(years)
        self.fields["call"].choices = [
            ALL,
            *(
                (one.pk, f"{one.program.short_name} {FiscalYear(one.fiscal_year).short} 第{one.round}次")
                for one in calls
            ),
        ]
        self.fields["bureau"].choices = bureau_choices()

    def filters(self) -> LedgerFilters:
        """What was chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return LedgerFilters(chosen.get("year"), chosen.get("call"), chosen.get("bureau", ""))
