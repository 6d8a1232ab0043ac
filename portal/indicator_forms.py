"""The official value of an indicator as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from common.errors import Refused
from common.form_fields import FiscalYearField


class OfficialForm(forms.Form):
    """Fiscal year, value and source; `revision` is the one that the person saw for that year, if she saw one."""

    fiscal_year = FiscalYearField(label="年度", help_text="例：R5")
    value = forms.IntegerField(
        label="公表値", min_value=0, widget=forms.TextInput(attrs={"class": "num", "inputmode": "numeric", "size": 8})
    )
    source = forms.CharField(label="出典", max_length=200, widget=forms.TextInput(attrs={"size": 40}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, refused: Refused) -> None:
        """Show what the service would not do, above the form."""
        for problem in refused.problems:
            self.add_error(None, problem)
