"""The parts in which a vision is written: its words, one initiative, the grid of costs, and what begins a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common.fiscal_year import FiscalYear
from common.form_fields import BIGGEST_YEN, FigureField, FiscalYearField
from common.part_forms import StepForm
from municipalities.models import Municipality

from ..models import Project, Region, Vision, VisionProject
from ..services import ItemPart, ItemWords, ProjectDraft, VisionDraft, VisionTexts
from .base import Form, field_choices, town_choices
from .visions import default_term

TALL = {"rows": 6}


class ThousandYenField(FigureField):
    """Whole yen, typed and shown in 千円: 3,000 is 3,000,000円. Up to three decimals (1円)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "num", "inputmode": "decimal", "size": 9}))
        super().__init__(at_least=0, digits=10, **kwargs)

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        if isinstance(value, str):
            value = value.replace("千円", "")
        figure = super().to_python(value)
        if figure is None:
            return None
        yen = int(figure * 1000)
        if yen >= BIGGEST_YEN:
            raise ValidationError(f"金額が大きすぎます（「{value}」千円）。単位は千円です。")
        return yen

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(Decimal(value) / 1000 if isinstance(value, int) else value)


class VisionBeginForm(Form):
    """What begins a draft: its title and term; all else is written part by part."""

    title = forms.CharField(label="題名", max_length=120)
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")

    @staticmethod
    def initial_of(region: Region, this_year: FiscalYear) -> dict[str, Any]:
        """Five years from the present one under the region's name, as a first proposal."""
        name = region.name if region.name.endswith("ビジョン") else f"{region.name} 地域連携ビジョン"
        return {"title": name[:120]} | default_term(this_year)

    @property
    def draft(self) -> VisionDraft:
        """What was typed, for the service."""
        return VisionDraft(future_image="", **self.cleaned_data)


class TextsForm(Form):
    """The words of a version."""

    title = forms.CharField(label="題名", max_length=120)
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")
    agreement = forms.ChoiceField(label="もとになる協定", required=False)
    future_image = forms.CharField(
        label="目指す将来像",
        widget=forms.Textarea(attrs=TALL),
        required=False,
        help_text="10年後、20年後に、この地域でどう暮らしていたいか",
    )
    issues = forms.CharField(
        label="課題",
        widget=forms.Textarea(attrs={"rows": 9}),
        required=False,
        help_text="いま困っていることと、これから困ること。下の「数字から書き出す」で文を入れられます",
    )
    aims = forms.CharField(
        label="目指す姿",
        widget=forms.Textarea(attrs=TALL),
        required=False,
        help_text="ビジョンの期間の終わりに、どこまで進んでいるか",
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreements = region.agreements.order_by("-version")
        self.fields["agreement"].choices = [
            ("", "策定日に効力のある協定"),
            *((str(row.pk), f"{row} （{row.get_state_display()}）") for row in agreements),
        ]


class TextsPart(StepForm):
    """Part 1: 将来像・課題・目指す姿."""

    def __init__(self, vision: Vision, data: QueryDict | None = None) -> None:
        names = ("title", "term_from_fy", "term_to_fy", "future_image", "issues", "aims")
        initial = {name: getattr(vision, name) for name in names} | {"agreement": str(vision.agreement_id or "")}
        self.texts = TextsForm(data, region=vision.region, initial=initial)

    def parts(self) -> tuple[TextsForm, ...]:
        return (self.texts,)

    @property
    def typed(self) -> VisionTexts:
        """What was typed, for the service."""
        values = dict(self.texts.cleaned_data)
        agreement = values.pop("agreement")
        return VisionTexts(agreement_id=int(agreement) if agreement else None, **values)


class ItemWordsForm(Form):
    """What the vision says of one initiative."""

    outline = forms.CharField(
        label="概要",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="何を、だれのために、どのように行うか",
    )
    roles = forms.CharField(
        label="役割分担（全体）",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例：事務局は1年ごとの輪番とする",
    )


class ItemForm(ItemWordsForm):
    """One initiative: what the vision says of it, who does what, and what the initiative is."""

    main_field = forms.ChoiceField(label="主な分野", required=False)
    fields_also = forms.MultipleChoiceField(label="ほかの分野", required=False, widget=forms.CheckboxSelectMultiple)
    secretariat = forms.ChoiceField(label="事務局市町村", required=False)
    participants = forms.MultipleChoiceField(
        label="参加市町村",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばないときは、構成市町村の全てとします",
    )
    self_running_plan = forms.CharField(
        label="自走化の見通し",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="支援が終わったあと、だれがどの財源で続けるか",
    )

    def __init__(self, *args: Any, towns: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = towns
        self.fields["main_field"].choices = field_choices(blank=True)
        self.fields["fields_also"].choices = field_choices()
        self.fields["secretariat"].choices = town_choices(towns, blank="（決めていない）")
        self.fields["participants"].choices = town_choices(towns)
        for town in towns:
            self.fields[f"part_{town.pk}"] = forms.CharField(
                label=f"{town.name}の役割", max_length=200, required=False, widget=forms.TextInput(attrs={"size": 60})
            )

    @property
    def rows(self) -> Iterable[tuple[Municipality, BoundField]]:
        """Each member with the field of its role."""
        return [(town, self[f"part_{town.pk}"]) for town in self.towns]

    @property
    def own(self) -> list[BoundField]:
        return [self["outline"], self["roles"]]

    @property
    def shared(self) -> list[BoundField]:
        names = ("main_field", "secretariat", "fields_also", "participants", "self_running_plan")
        return [self[name] for name in names]


class ItemPartForm(StepForm):
    """Part 2 for one initiative."""

    sets = ("fields_also", "participants")

    def __init__(self, item: VisionProject, towns: Sequence[Municipality], data: QueryDict | None = None) -> None:
        project = item.project
        initial: dict[str, Any] = {
            "outline": item.outline,
            "roles": item.roles,
            "main_field": project.main_field_id or "",
            "fields_also": [row.pk for row in project.fields.all() if row.pk != project.main_field_id],
            "secretariat": project.secretariat_id or "",
            "participants": [row.pk for row in project.participants.all()],
            "self_running_plan": project.self_running_plan,
        }
        initial |= {f"part_{row.municipality_id}": row.role for row in item.parts.all()}
        self.item = ItemForm(data, towns=towns, initial=initial)

    def parts(self) -> tuple[ItemForm, ...]:
        return (self.item,)

    @property
    def typed(self) -> ItemPart:
        """What was typed, for the service."""
        values = self.item.cleaned_data
        return ItemPart(
            outline=values["outline"],
            roles=values["roles"],
            parts={town.pk: values[f"part_{town.pk}"] for town in self.item.towns},
            main_field=values["main_field"],
            fields=tuple(values["fields_also"]),
            secretariat=values["secretariat"],
            participants=tuple(values["participants"]),
            self_running_plan=values["self_running_plan"],
        )


class OwnItemForm(ItemWordsForm):
    """What a field officer writes of the initiative that was given to her."""

    part = forms.CharField(
        label="自分の市町村の役割", max_length=200, required=False, widget=forms.TextInput(attrs={"size": 60})
    )


class OwnItemPart(StepForm):
    """One initiative of a version, as far as a field officer writes it; `code` is her town."""

    def __init__(self, item: VisionProject, code: str, data: QueryDict | None = None) -> None:
        role = next((row.role for row in item.parts.all() if row.municipality_id == code), "")
        self.item = OwnItemForm(data, initial={"outline": item.outline, "roles": item.roles, "part": role})

    def parts(self) -> tuple[OwnItemForm, ...]:
        return (self.item,)

    @property
    def typed(self) -> ItemWords:
        """What was typed, for the service."""
        return ItemWords(**self.item.cleaned_data)


class AddItemForm(Form):
    """An initiative that the version lists from now on: one of the region's, or a new one by its name."""

    project = forms.ChoiceField(label="登録済みの取組", required=False)
    name = forms.CharField(label="新しい取組の名称", max_length=80, required=False)
    main_field = forms.ChoiceField(label="新しい取組の主な分野", required=False)

    def __init__(self, *args: Any, vision: Vision, listed: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_year = vision.term_from_fy
        rows = vision.region.projects.exclude(state=Project.State.MERGED).exclude(pk__in=list(listed))
        self.fields["project"].choices = [("", "（新しい取組）"), *((str(row.pk), row.name) for row in rows)]
        self.fields["main_field"].choices = field_choices(blank=True)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if bool(typed.get("project")) == bool((typed.get("name") or "").strip()):
            raise ValidationError("登録済みの取組を選ぶか、新しい名称を入力するか、どちらかにしてください。")
        return typed

    @property
    def chosen(self) -> int | ProjectDraft:
        """What was typed, for the service."""
        typed = self.cleaned_data
        if typed["project"]:
            return int(typed["project"])
        return ProjectDraft(name=typed["name"], from_fy=self.first_year, main_field=typed["main_field"])


@dataclass(frozen=True)
class CostLine:
    """A row of the grid: the fields, and whole yen by year (None where nothing can be read)."""

    item: VisionProject
    cells: list[BoundField]
    amounts: list[int | None]

    @property
    def total(self) -> int:
        return sum(yen or 0 for yen in self.amounts)


class CostGridForm(Form):
    """The grid: one field for each initiative and fiscal year (`cost_12_2026`), in 千円."""

    def __init__(self, *args: Any, items: Sequence[VisionProject], years: Sequence[int], **kwargs: Any) -> None:
        self.items, self.years = items, [FiscalYear(year) for year in years]
        super().__init__(*args, **kwargs)
        for item in items:
            for year in self.years:
                label = f"{item.project.name} {year.wareki}の事業費（千円）"
                self.fields[f"cost_{item.pk}_{int(year)}"] = ThousandYenField(label=label, required=False)

    @property
    def rows(self) -> list[CostLine]:
        """Each initiative with its cells and what can be read of them."""
        return [
            CostLine(
                item,
                [self[f"cost_{item.pk}_{int(year)}"] for year in self.years],
                [self.costs[item.pk].get(int(year)) for year in self.years],
            )
            for item in self.items
        ]

    @property
    def totals(self) -> list[int]:
        """The sum of each year in yen."""
        return [sum(self.costs[item.pk].get(int(year), 0) for item in self.items) for year in self.years]

    @property
    def total(self) -> int:
        return sum(self.totals)

    @cached_property
    def costs(self) -> dict[int, dict[int, int]]:
        """Whole yen by initiative and year; cells that are empty or cannot be read are left out."""
        if self.is_bound:
            self.is_valid()
        read = self.cleaned_data if self.is_bound else self.initial
        found: dict[int, dict[int, int]] = {item.pk: {} for item in self.items}
        for item in self.items:
            for year in self.years:
                yen = read.get(f"cost_{item.pk}_{int(year)}")
                if isinstance(yen, int):
                    found[item.pk][int(year)] = yen
        return found


class CostPart(StepForm):
    """Part 3: 事業費. What can be read is saved even while another cell is wrong."""

    partial = True

    def __init__(self, vision: Vision, items: Sequence[VisionProject], data: QueryDict | None = None) -> None:
        initial = {f"cost_{item.pk}_{cost.fiscal_year}": cost.amount_yen for item in items for cost in item.costs.all()}
        self.grid = CostGridForm(data, items=items, years=list(vision.years), initial=initial)

    def parts(self) -> tuple[CostGridForm, ...]:
        return (self.grid,)

    @property
    def typed(self) -> dict[int, dict[int, int | None]]:
        """Every cell that can be read, for the service; None for an empty one."""
        return {
            item.pk: {
                int(year): self.grid.cleaned_data[name]
                for year in self.grid.years
                if (name := f"cost_{item.pk}_{int(year)}") in self.grid.cleaned_data
            }
            for item in self.grid.items
        }
