"""A stored forecast: its words, its owners, its priority issues; a bureau's comment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from common import clock
from municipalities.models import Municipality, PopulationSeries, ServiceField

from ..models import FutureForecast
from ..services import ForecastDraft, IssueDraft
from .base import Form, TownNames, town_choices


class ForecastForm(Form):
    """Title, municipalities, edition and remarks; the municipalities were chosen on the page before."""

    title = forms.CharField(label="題名", max_length=120)
    towns = forms.MultipleChoiceField(
        label="対象の市町村",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "1つ以上選んでください。"},
    )
    owners = forms.MultipleChoiceField(
        label="作成市町村",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="この市町村の名前で公表します。共同で作るときは、一緒に作る市町村も選びます。"
        "どの作成市町村も内容を変えられ、全員の承認者が同意すると公表されます。",
    )
    series = forms.ChoiceField(label="将来推計の版", help_text="1つの版だけで計算します。版は混ぜません。")
    remarks = forms.CharField(
        label="所見",
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text="数字から読み取れること、資料にない地域の事情など",
    )

    def __init__(self, *args: Any, towns: Sequence[Municipality], own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.fields["towns"].choices = town_choices(towns)
        self.fields["owners"].choices = town_choices(towns)
        more = TownNames(
            label="ほかに加える市町村",
            prefecture=own[:2],
            on=clock.today(),
            required=False,
            help_text="市町村名か団体コード。複数は「、」で区切ります。",
        )
        self.fields = {**{name: self.fields[name] for name in ("title", "towns")}, "more": more, **self.fields}
        editions = PopulationSeries.objects.filter(kind=PopulationSeries.Kind.PROJECTION).order_by("-order")
        self.fields["series"].choices = [(row.code, row.name) for row in editions]

    @classmethod
    def initial_of(cls, forecast: FutureForecast) -> dict[str, Any]:
        """What the form shows of a forecast that is there already."""
        return {
            "title": forecast.title,
            "towns": list(forecast.towns.values_list("pk", flat=True)),
            "owners": list(forecast.owners.values_list("municipality", flat=True)),
            "series": forecast.series_id,
            "remarks": forecast.remarks,
        }

    def draft(self, issues: BaseFormSet) -> ForecastDraft:
        """What was typed, for the service; the own municipality always is an owner."""
        typed = self.cleaned_data
        rows = tuple(
            IssueDraft(row.cleaned_data["issue"], row.cleaned_data["field"], row.cleaned_data["next_step"])
            for row in issues
            if row.cleaned_data.get("issue") and not row.cleaned_data.get("DELETE")
        )
        return ForecastDraft(
            title=typed["title"],
            towns=tuple(dict.fromkeys([*typed["towns"], *typed["more"]])),
            owners=tuple(dict.fromkeys([self.own, *typed["owners"]])),
            series=typed["series"],
            remarks=typed["remarks"],
            issues=rows,
        )


class IssueForm(Form):
    """One priority issue."""

    field = forms.ChoiceField(label="分野", required=False)
    issue = forms.CharField(label="優先課題", max_length=200, required=False)
    next_step = forms.CharField(label="次に話し合うこと", max_length=200, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = choices

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("issue") and typed.get("next_step"):
            raise forms.ValidationError("優先課題を入力してください。")
        return typed


_FormSet = formset_factory(IssueForm, extra=3, can_delete=True)


class IssueFormSet(_FormSet):  # type: ignore[misc, valid-type]
    """The priority issues of a forecast, drawn as a grid with three empty rows at its end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        rows = [(row.code, row.name) for row in ServiceField.objects.all()]
        choices = [("", "選択してください"), *rows]
        super().__init__(*args, prefix="issues", form_kwargs={"choices": choices}, **kwargs)

    @staticmethod
    def initial_of(forecast: FutureForecast) -> list[dict[str, Any]]:
        """The rows of a forecast that is there already."""
        return [
            {"field": row.field_id or "", "issue": row.issue, "next_step": row.next_step}
            for row in forecast.issues.all()
        ]


class CommentForm(Form):
    """A comment of the bureau."""

    text = forms.CharField(label="意見", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
