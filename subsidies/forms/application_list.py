"""The filters of the list, read from the address; what cannot be read narrows nothing."""

from __future__ import annotations

from typing import Any

from django import forms

from common.viewer import Viewer

from ..application_list import NEWEST, ORDERS, Filters
from ..models import Call, Program
from ..states import GROUPS
from .filtering import ALL, bureau_choices, year_choices

TURNS = [ALL, ("mine", "自分の番"), ("others", "相手待ち")]


class ListForm(forms.Form):
    """Filters as they stand in the address of the list."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    program = forms.ChoiceField(label="制度", required=False)
    group = forms.ChoiceField(
        label="状態",
        required=False,
        choices=[ALL, *((name, group.label) for name, group in GROUPS.items())],
    )
    bureau = forms.ChoiceField(label="主管振興局", required=False)
    turn = forms.ChoiceField(label="だれの番か", required=False, choices=TURNS)
    q = forms.CharField(
        label="地域・市町村・番号",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "size": 12}),
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, viewer: Viewer) -> None:
        super().__init__(data, auto_id="list-%s")
        years = (
            Call.objects.visible_to(viewer).order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
        )
        self.fields["year"].choices = year_choices(years)
        programs = Program.objects.visible_to(viewer).values_list("code", "short_name")
        self.fields["program"].choices = [ALL, *programs]
        if viewer.is_municipal:
            del self.fields["bureau"]
        else:
            self.fields["bureau"].choices = bureau_choices()

    def filters(self) -> Filters:
        """What was chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return Filters(
            year=chosen.get("year"),
            program=chosen.get("program", ""),
            group=chosen.get("group", ""),
            bureau=chosen.get("bureau", ""),
            turn=chosen.get("turn", ""),
            words=chosen.get("q", ""),
        )

    def order(self) -> str:
        """The chosen order; the newest first where none of the known ones was chosen."""
        self.is_valid()
        order: str = self.cleaned_data.get("sort", "")
        return order if order.removeprefix("-") in ORDERS else NEWEST
