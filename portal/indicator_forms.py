"""The official value of an indicator, and its baseline and target, as forms."""

from __future__ import annotations

from typing import Any

from django import forms

from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.form_fields import FiscalYearField

from .models import PrefIndicator
from .services import IndicatorPlan

FIGURE = {"class": "num", "inputmode": "numeric", "size": 8}


class OfficialForm(forms.Form):
    """Fiscal year, value and source; `revision` is the one that the person saw for that year, if she saw one."""

    fiscal_year = FiscalYearField(label="年度", help_text="例：R5")
    value = forms.IntegerField(label="公表値", min_value=0, widget=forms.TextInput(attrs=FIGURE))
    source = forms.CharField(label="出典", max_length=200, widget=forms.TextInput(attrs={"size": 40}))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, refused: Refused) -> None:
        """Show what the service would not do, above the form."""
        for problem in refused.problems:
            self.add_error(None, problem)


class PlanForm(forms.Form):
    """Baseline and target of an indicator; a word stands where there is no number."""

    baseline = forms.IntegerField(
        label="基準値",
        required=False,
        widget=forms.TextInput(attrs=FIGURE),
    )
    baseline_word = forms.CharField(
        label="基準値（言葉）", max_length=20, required=False, help_text="数がないとき。例：新規"
    )
    baseline_fy = FiscalYearField(label="基準年度", help_text="例：R5")
    target = forms.IntegerField(
        label="目標値",
        required=False,
        widget=forms.TextInput(attrs=FIGURE),
    )
    target_word = forms.CharField(
        label="目標値（言葉）", max_length=20, required=False, help_text="数がないとき。例：全市町村"
    )
    qualifier = forms.CharField(label="条件", max_length=20, required=False, help_text="例：以上を維持")
    target_fy = FiscalYearField(label="目標年度", help_text="例：R11")
    source = forms.CharField(label="出典", max_length=200, widget=forms.TextInput(attrs={"size": 60}))

    def __init__(self, *args: Any, indicator: PrefIndicator, **kwargs: Any) -> None:
        standing = {name: getattr(indicator, name) for name in PrefIndicator.PLANNED}
        for name in ("baseline_fy", "target_fy"):
            standing[name] = FiscalYear(standing[name]).short
        super().__init__(*args, **({"initial": standing, "auto_id": "plan-%s"} | kwargs))
        self.label_suffix = ""

    @property
    def typed(self) -> IndicatorPlan:
        return IndicatorPlan(**self.cleaned_data)
