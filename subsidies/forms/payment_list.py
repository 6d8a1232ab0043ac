"""The filters of the list of payments, read from the address; what cannot be read narrows nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from common.viewer import Viewer

from ..models import Call
from ..payment_list import PaymentFilters
from .filtering import ALL, bureau_choices, year_choices


class PaymentListForm(forms.Form):
    """Filters as they stand in the address; the tab is kept beside them."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    program = forms.ChoiceField(label="制度", required=False)
    bureau = forms.ChoiceField(label="主管振興局", required=False)
    q = forms.CharField(
        label="地域・市町村・番号",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "size": 14}),
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data, auto_id="payments-%s")
        calls = list(Call.objects.visible_to(viewer).select_related("program").order_by("-fiscal_year", "program"))
        years = sorted({call.fiscal_year for call in calls}, reverse=True)
        programs = {call.program_id: call.program.short_name for call in calls}
        self.fields["year"].choices = year_choices(years)
        self.fields["program"].choices = [ALL, *programs.items()]
        if viewer.is_municipal:
            del self.fields["bureau"]
        else:
            self.fields["bureau"].choices = bureau_choices()

    def filters(self) -> PaymentFilters:
        """What was chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return PaymentFilters(
            chosen.get("year"), chosen.get("program", ""), chosen.get("bureau", ""), chosen.get("q", "")
        )
