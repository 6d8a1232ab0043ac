"""A bureau's forward plan with its initiatives; its adoption; its yearly review."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from common.form_fields import DayField, FiscalYearField
from common.part_forms import Grid, StepForm

from ..models import (
    ConferenceMeeting,
    ForwardPlan,
    ForwardPlanInitiative,
    ForwardPlanReview,
    InitiativeProgress,
    NationalZone,
    Project,
    Region,
)
from ..services import InitiativeDraft, PlanDraft, ProgressOf, ReviewDraft
from .base import Form, field_choices

MORE = 8  # empty rows of the grid when more were asked for


class PlanForm(Form):
    """Direction, term and the regions it lists."""

    title = forms.CharField(label="題名", max_length=120)
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")
    direction = forms.CharField(label="推進の方向", widget=forms.Textarea(attrs={"rows": 6}), required=False)
    regions = forms.MultipleChoiceField(
        label="対象とする連携地域", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="主管する地域と、管内の市町村を含む地域",
    )  # fmt: skip
    equivalent_zone = forms.ChoiceField(
        label="同等とみなす計画", required=False, help_text="国の圏域のビジョンを前進プランに代える場合だけ選びます。"
    )
    waiver_reason = forms.CharField(label="同等とみなす理由", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, bureau: str, prefecture: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["regions"].choices = region_choices(bureau)
        zones = NationalZone.objects.filter(prefecture=prefecture, ended_on=None)
        self.fields["equivalent_zone"].choices = [("", "なし"), *((zone.code, zone.name) for zone in zones)]


class InitiativeRow(Form):
    """One initiative: taken from a region's, or free. A row without name and without choice is taken out."""

    order = forms.IntegerField(
        label="番号",
        required=False,
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"class": "num", "size": 3}),
    )
    project = forms.TypedChoiceField(label="連携地域の取組から選ぶ", required=False, coerce=int, empty_value=None)
    name = forms.CharField(label="取組（空なら選んだ取組の名称）", max_length=120, required=False)
    field = forms.ChoiceField(label="分野", required=False)
    region = forms.ChoiceField(label="連携地域", required=False)

    def __init__(self, *args: Any, choices: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("project", "field", "region"):
            self.fields[name].choices = choices[name]
        self.fields["name"].widget.attrs["size"] = 30

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("name") and not typed.get("project") and (typed.get("field") or typed.get("region")):
            self.add_error("name", "取組の名称を入力するか、連携地域の取組から選んでください。")
        return typed


class ForwardPlanStep(StepForm):
    """A version of the plan with its initiatives as a grid."""

    grids = ("initiatives",)
    sets = ("regions",)

    def __init__(
        self,
        bureau: str,
        prefecture: str,
        plan: ForwardPlan | None,
        data: QueryDict | None = None,
        *,
        first: dict[str, Any] | None = None,
        more: str = "",
    ) -> None:
        initial, rows = first or {}, []
        if plan is not None:
            names = ("title", "term_from_fy", "term_to_fy", "direction", "waiver_reason")
            initial = {name: getattr(plan, name) for name in names}
            initial["regions"] = list(plan.listings.values_list("region", flat=True))
            initial["equivalent_zone"] = plan.equivalent_zone_id or ""
            rows = [
                {
                    "order": row.number,
                    "project": row.project_id or "",
                    "name": row.name,
                    "field": row.field_id or "",
                    "region": row.region_id or "",
                }
                for row in plan.initiatives.all()
            ]
        self.plan = PlanForm(data, bureau=bureau, prefecture=prefecture, initial=initial)
        choices = {
            "project": [("", "－"), *_project_choices(bureau)],
            "field": field_choices(blank=True),
            "region": [("", "（地域によらない）"), *region_choices(bureau)],
        }
        self.initiatives = Grid(
            "initiatives",
            "取組",
            InitiativeRow,
            data=data,
            initial=rows,
            blank=MORE if more or plan is None else 2,
            choices=choices,
        )

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.plan, self.initiatives)

    @property
    def draft(self) -> PlanDraft:
        """What was typed, for the service."""
        typed = dict(self.plan.cleaned_data)
        given = [row for row in self.initiatives.cleaned if row["name"] or row["project"]]
        ordered = sorted(enumerate(given), key=lambda pair: (pair[1]["order"] or 1000, pair[0]))
        rows = tuple(
            InitiativeDraft(row["name"], row["field"], row["region"], row["project"] or 0) for _, row in ordered
        )
        return PlanDraft(regions=tuple(typed.pop("regions")), initiatives=rows, **typed)


class AdoptForm(Form):
    """The day of adoption and the meeting that discussed the plan."""

    day = DayField(label="策定日")
    meeting = forms.TypedChoiceField(
        label="協議した検討会議", required=False, coerce=int, empty_value=None,
        help_text="圏域の計画を同等とみなす場合は、選ばなくてもかまいません。",
    )  # fmt: skip

    def __init__(self, *args: Any, bureau: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [("", "選択してください"), *meeting_choices(bureau)]


class ReviewForm(Form):
    """The yearly review: each initiative's progress (`state-<id>`, `note-<id>`) and what follows."""

    reviewed_on = DayField(label="点検日")
    meeting = forms.TypedChoiceField(label="点検した検討会議", required=False, coerce=int, empty_value=None)
    summary = forms.CharField(label="進み具合と課題", widget=forms.Textarea(attrs={"rows": 5}))
    result = forms.ChoiceField(label="今後", choices=ForwardPlanReview.Result.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, plan: ForwardPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = [("", "（会議によらない）"), *meeting_choices(plan.bureau_id)]
        self.initiatives = list(plan.initiatives.select_related("region"))
        for row in self.initiatives:
            self.fields[f"state-{row.pk}"] = forms.ChoiceField(
                label=f"{row.name}の進み具合", choices=[("", "－"), *InitiativeProgress.State.choices], required=False
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                label=f"{row.name}の内容", max_length=200, required=False, widget=forms.TextInput(attrs={"size": 40})
            )

    def rows(self) -> Iterator[tuple[ForwardPlanInitiative, Any, Any]]:
        """Each initiative with its two fields."""
        for row in self.initiatives:
            yield row, self[f"state-{row.pk}"], self[f"note-{row.pk}"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for row in self.initiatives:
            if typed.get(f"note-{row.pk}") and not typed.get(f"state-{row.pk}"):
                self.add_error(f"state-{row.pk}", "進み具合を選んでください。")
        return typed

    @property
    def draft(self) -> ReviewDraft:
        """What was typed, for the service."""
        typed = self.cleaned_data
        return ReviewDraft(
            reviewed_on=typed["reviewed_on"],
            summary=typed["summary"],
            result=typed["result"],
            meeting=typed["meeting"],
            initiatives={
                row.pk: ProgressOf(typed[f"state-{row.pk}"], typed[f"note-{row.pk}"]) for row in self.initiatives
            },
        )

    @staticmethod
    def initial_of(review: ForwardPlanReview) -> dict[str, Any]:
        """What the form shows of this year's review where there is one already."""
        initial: dict[str, Any] = {
            "reviewed_on": review.reviewed_on,
            "summary": review.summary,
            "result": review.result,
            "meeting": review.meeting_id,
        }
        for line in review.lines.all():
            initial |= {f"state-{line.initiative_id}": line.state, f"note-{line.initiative_id}": line.note}
        return initial


def region_choices(bureau: str) -> list[tuple[str, str]]:
    """The acting regions that touch the bureau."""
    rows = Region.objects.touching(bureau).acting().order_by("code")
    return [(row.code, f"{row.name}（{row.get_state_display()}）") for row in rows]


def meeting_choices(bureau: str) -> list[tuple[int, str]]:
    """The meetings that the bureau's conference has held, the newest first."""
    rows = ConferenceMeeting.objects.filter(bureau=bureau, held_on__isnull=False).order_by("-held_on")
    return [(row.pk, f"{row.held_on:%Y/%m/%d}　{row.title}") for row in rows[:20]]


def _project_choices(bureau: str) -> list[tuple[int, str]]:
    rows = Project.objects.filter(region__in=Region.objects.touching(bureau).acting())
    return [
        (row.pk, f"{row.region.name}：{row.name}") for row in rows.select_related("region").order_by("region", "pk")
    ]
