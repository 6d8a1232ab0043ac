"""A bureau's forward plan with its initiatives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from common.form_fields import FiscalYearField

from ..models import ForwardPlan, NationalZone, Region
from ..services import InitiativeDraft, PlanDraft
from .base import Form, field_choices


class PlanForm(Form):
    """Direction, term and the regions it lists."""

    title = forms.CharField(label="題名", max_length=120)
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")
    direction = forms.CharField(label="推進の方向", widget=forms.Textarea(attrs={"rows": 5}), required=False)
    regions = forms.MultipleChoiceField(
        label="対象とする連携地域", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="主管する地域と、管内の市町村を含む地域",
    )  # fmt: skip
    equivalent_zone = forms.ChoiceField(
        label="同等とみなす計画", required=False, help_text="国の圏域のビジョンを前進プランに代える場合だけ選びます。"
    )

    def __init__(self, *args: Any, bureau: str, prefecture: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = region_choices(bureau)
        zones = NationalZone.objects.filter(prefecture=prefecture, ended_on=None)
        self.fields["equivalent_zone"].choices = [("", "なし"), *((zone.code, zone.name) for zone in zones)]

    @classmethod
    def initial_of(cls, plan: ForwardPlan) -> dict[str, Any]:
        """What the form shows of a version that is there already."""
        return {
            "title": plan.title,
            "term_from_fy": plan.term_from_fy,
            "term_to_fy": plan.term_to_fy,
            "direction": plan.direction,
            "regions": list(plan.listings.values_list("region", flat=True)),
            "equivalent_zone": plan.equivalent_zone_id or "",
        }

    def draft(self, initiatives: BaseFormSet) -> PlanDraft:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        rows = tuple(
            InitiativeDraft(row.cleaned_data["name"], row.cleaned_data["field"], row.cleaned_data["region"])
            for row in initiatives
            if row.cleaned_data.get("name") and not row.cleaned_data.get("DELETE")
        )
        return PlanDraft(regions=tuple(typed.pop("regions")), initiatives=rows, **typed)


class InitiativeForm(Form):
    """One initiative of the plan."""

    name = forms.CharField(label="取組", max_length=120, required=False)
    field = forms.ChoiceField(label="分野", required=False)
    region = forms.ChoiceField(label="連携地域", required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = choices["fields"]
        self.fields["region"].choices = choices["regions"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("name") and (typed.get("field") or typed.get("region")):
            raise forms.ValidationError("取組の名称を入力してください。")
        return typed


_FormSet = formset_factory(InitiativeForm, extra=4, can_delete=True)


class InitiativeFormSet(_FormSet):  # type: ignore[misc, valid-type]
    """The initiatives of a plan, drawn as a grid with four empty rows at its end."""

    def __init__(self, *args: Any, bureau: str, **kwargs: Any) -> None:
        choices = {
            "fields": field_choices(blank=True),
            "regions": [("", "（地域によらない）"), *region_choices(bureau)],
        }
        super().__init__(*args, prefix="initiatives", form_kwargs={"choices": choices}, **kwargs)

    @staticmethod
    def initial_of(plan: ForwardPlan) -> list[dict[str, Any]]:
        """The rows of a version that is there already."""
        return [
            {"name": row.name, "field": row.field_id or "", "region": row.region_id or ""}
            for row in plan.initiatives.all()
        ]


def region_choices(bureau: str) -> list[tuple[str, str]]:
    """The acting regions that touch the bureau."""
    rows = Region.objects.touching(bureau).acting().order_by("code")
    return [(row.code, f"{row.name}（{row.get_state_display()}）") for row in rows]
