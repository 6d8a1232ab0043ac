"""One version of a vision with its initiatives and their expected costs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.forms.boundfield import BoundField

from common.fiscal_year import FiscalYear
from common.form_fields import FiscalYearField, YenField

from ..models import Project, Region, Vision
from ..services import ProjectDraft, VisionDraft, VisionItemDraft
from .base import Form, field_choices

LONG = forms.Textarea(attrs={"rows": 4})
COST_YEARS = 5


class VisionForm(Form):
    """The shared future picture and its term."""

    title = forms.CharField(label="題名", max_length=120)
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")
    future_image = forms.CharField(label="目指す将来像", widget=LONG)
    issues = forms.CharField(label="課題", widget=LONG, required=False)
    aims = forms.CharField(label="目指す姿", widget=LONG, required=False)
    agreement = forms.ChoiceField(label="もとになる協定", required=False)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreements = region.agreements.order_by("-version")
        self.fields["agreement"].choices = [
            ("", "策定日に効力のある協定"),
            *((str(row.pk), f"{row} （{row.get_state_display()}）") for row in agreements),
        ]

    @classmethod
    def initial_of(cls, vision: Vision) -> dict[str, Any]:
        """What the form shows of a version that is there already."""
        texts = ("title", "term_from_fy", "term_to_fy", "future_image", "issues", "aims")
        return {name: getattr(vision, name) for name in texts} | {"agreement": str(vision.agreement_id or "")}

    def draft(self, items: BaseFormSet) -> VisionDraft:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        agreement = typed.pop("agreement")
        rows = tuple(row.draft(typed["term_from_fy"]) for row in items if row.has_changed_content())
        return VisionDraft(agreement_id=int(agreement) if agreement else None, items=rows, **typed)


class VisionItemForm(Form):
    """One initiative: one of the region's, or a new one by its name. Costs run from the vision's first year."""

    project = forms.ChoiceField(label="登録済みの取組", required=False)
    name = forms.CharField(label="新しい取組の名称", max_length=80, required=False)
    main_field = forms.ChoiceField(label="主な分野", required=False)
    outline = forms.CharField(label="概要", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    roles = forms.CharField(label="役割分担", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, region: Region, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["project"].choices = choices["projects"]
        self.fields["main_field"].choices = choices["fields"]
        for number in range(COST_YEARS):
            self.fields[f"cost_{number}"] = YenField(label=f"{number + 1}年目（円）", required=False)
            self.fields[f"cost_{number}"].widget.attrs["size"] = 9
        self.fields["name"].widget.attrs["size"] = 26

    @property
    def heads(self) -> list[BoundField]:
        return [self[name] for name in ("project", "name", "main_field")]

    @property
    def texts(self) -> list[BoundField]:
        return [self[name] for name in ("outline", "roles")]

    @property
    def costs(self) -> list[BoundField]:
        return [self[f"cost_{number}"] for number in range(COST_YEARS)]

    def has_changed_content(self) -> bool:
        """Whether the row holds an initiative at all; an empty row is none."""
        typed = self.cleaned_data
        return bool(typed and not typed.get("DELETE") and (typed.get("project") or typed.get("name")))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        chosen, named = typed.get("project"), (typed.get("name") or "").strip()
        if chosen and named:
            raise forms.ValidationError("登録済みの取組を選ぶか、新しい名称を入力するか、どちらかにしてください。")
        others = ("main_field", "outline", "roles", *(f"cost_{number}" for number in range(COST_YEARS)))
        if not chosen and not named and any(typed.get(name) not in (None, "") for name in others):
            raise forms.ValidationError("取組を選ぶか、新しい名称を入力してください。")
        return typed

    def draft(self, first_year: int) -> VisionItemDraft:
        """What was typed, for the service."""
        typed = self.cleaned_data
        costs = {first_year + number: typed.get(f"cost_{number}") for number in range(COST_YEARS)}
        new = None
        if not typed["project"]:
            new = ProjectDraft(
                name=typed["name"], from_fy=first_year, main_field=typed["main_field"], outline=typed["outline"]
            )
        return VisionItemDraft(
            project_id=int(typed["project"]) if typed["project"] else None,
            new=new,
            main_field="" if new else typed["main_field"],
            outline=typed["outline"],
            roles=typed["roles"],
            costs={year: yen for year, yen in costs.items() if yen is not None},
        )


_FormSet = formset_factory(VisionItemForm, extra=2, can_delete=True)


class VisionItemFormSet(_FormSet):  # type: ignore[misc, valid-type]
    """The initiatives of a vision, with two empty ones at the end."""

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        projects = [(str(row.pk), row.name) for row in region.projects.exclude(state=Project.State.MERGED)]
        choices = {"projects": [("", "（新しい取組）"), *projects], "fields": field_choices(blank=True)}
        super().__init__(*args, prefix="items", form_kwargs={"region": region, "choices": choices}, **kwargs)

    @staticmethod
    def initial_of(vision: Vision) -> list[dict[str, Any]]:
        """The rows of a version that is there already."""
        rows = []
        for item in vision.items.select_related("project").prefetch_related("costs"):
            costs = {f"cost_{cost.fiscal_year - vision.term_from_fy}": cost.amount_yen for cost in item.costs.all()}
            rows.append(
                {"project": str(item.project_id), "main_field": item.project.main_field_id or ""}
                | {"outline": item.outline, "roles": item.roles}
                | costs
            )
        return rows


def default_term(today_fy: FiscalYear) -> dict[str, object]:
    """Five years from the present one, as a first proposal."""
    return {"term_from_fy": int(today_fy), "term_to_fy": int(today_fy) + COST_YEARS - 1}
