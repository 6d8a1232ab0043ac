"""What staff type on the test bench: an example of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from common.form_fields import FiscalYearField
from municipalities.codes import full_code
from municipalities.models import Municipality

from ..rules.ruleset import Stage
from ..rules.verdict import RESULT_LABELS, Result
from ..services.examples import ExampleInput
from ..studio.content import places


class ExampleForm(forms.Form):
    """Towns, a year, and what ought to come out."""

    title = forms.CharField(label="名称", max_length=100, widget=forms.TextInput(attrs={"size": 40}))
    members = forms.CharField(
        label="構成市町村",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="名称か団体コードを「、」で区切ります。例：長沼町、由仁町、栗山町",
    )
    fiscal_year = FiscalYearField(label="年度", help_text="例：令和10年度、R10")
    rule = forms.ChoiceField(label="確かめる要件", required=False)
    expected = forms.ChoiceField(
        label="期待する結果", choices=[(one.value, RESULT_LABELS[one]) for one in Result], widget=forms.RadioSelect
    )

    def __init__(self, data: Any, *, content: Mapping[str, Any]) -> None:
        super().__init__(data)
        rows = [place.row for place in places(content) if place.row.get("id")]
        regional = [row for row in rows if row.get("stage", Stage.REGION) == Stage.REGION]
        named = [(str(row["id"]), f"{row['id']} {row.get('title', '')}") for row in regional]
        self.fields["rule"].choices = [("", "地域の要件の全体"), *named]

    def clean_members(self) -> tuple[str, ...]:
        """The 6-digit codes of what was typed."""
        return tuple(_code(text) for text in re.split(r"[、,\s]+", self.cleaned_data["members"].strip()))

    def values(self) -> ExampleInput:
        return ExampleInput(**{name: self.cleaned_data[name] for name in self.fields})


def _code(text: str) -> str:
    try:
        return full_code(text)
    except ValueError:
        pass
    try:
        return str(Municipality.objects.find_by_name(text, settings.PREFECTURE_CODE).pk)
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from wrong
