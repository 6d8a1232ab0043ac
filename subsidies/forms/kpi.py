"""Step 5 of the wizard: the indicators of each initiative with their yearly path."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common.fiscal_year import FiscalYear
from common.form_fields import FigureField, FiscalYearField
from common.part_forms import Grid, StepForm
from regions.models import Kpi
from regions.services import KpiDraft

from ..models import Application, ApplicationProject
from ..services.fieldwork import KpiInput

NEW = "新規"


class BaselineField(FigureField):
    """A figure, or 新規 where nothing was measured before (kept as the word)."""

    def to_python(self, value: Any) -> Any:
        return NEW if str(value or "").strip() == NEW else super().to_python(value)


class KpiRow(forms.Form):
    """One indicator; the hidden `number` is the one it bears already."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="指標名", max_length=100, widget=forms.TextInput(attrs={"size": 28}))
    unit = forms.CharField(label="単位", max_length=20, widget=forms.TextInput(attrs={"size": 4}))
    kind = forms.ChoiceField(label="種別", choices=[("", ""), *Kpi.Kind.choices])
    direction = forms.ChoiceField(label="方向", choices=[("", ""), *Kpi.Direction.choices])
    baseline = BaselineField(label="基準値")
    baseline_fy = FiscalYearField(label="基準年度", required=False)
    target = FigureField(label="目標値", required=False)
    qualifier = forms.ChoiceField(label="条件", choices=Kpi.Qualifier.choices, required=False)
    target_fy = FiscalYearField(label="目標年度")
    data_source = forms.CharField(
        label="データの出所", max_length=120, required=False, widget=forms.TextInput(attrs={"size": 28})
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = [FiscalYear(year) for year in years]
        for year in self.years:
            self.fields[f"y{int(year)}"] = FigureField(label=f"{year.wareki}の計画値", required=False)

    @property
    def number_field(self) -> BoundField:
        """The hidden number, which a save gives to a new indicator."""
        return self["number"]

    @property
    def first(self) -> list[BoundField]:
        """What is measured. The fields follow each other as the columns of the form that is filled in offline."""
        return [self[name] for name in ("name", "unit", "kind", "direction")]

    @property
    def figures(self) -> list[BoundField]:
        """Where it stands, where it shall go, and where the figures come from."""
        return [self[name] for name in ("baseline", "baseline_fy", "target", "qualifier", "target_fy", "data_source")]

    @property
    def path(self) -> list[BoundField]:
        """The fields of the yearly path."""
        return [self[f"y{int(year)}"] for year in self.years]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        baseline = cleaned.get("baseline")
        if isinstance(baseline, Decimal) and cleaned.get("baseline_fy") is None and "baseline_fy" not in self.errors:
            self.add_error("baseline_fy", "基準値の年度を入力してください。")
        aimless = cleaned.get("target") is None and cleaned.get("qualifier") != Kpi.Qualifier.ALL
        if aimless and "target" not in self.errors:
            self.add_error("target", "目標値を入力してください（条件が「全数」のときを除く）。")
        return cleaned

    @property
    def draft(self) -> KpiDraft:
        """What was typed, for the service of the regions."""
        names = ("name", "unit", "kind", "direction", "baseline_fy", "target", "qualifier", "target_fy", "data_source")
        cleaned = self.cleaned_data
        yearly = {int(year): cleaned[f"y{int(year)}"] for year in self.years if cleaned[f"y{int(year)}"] is not None}
        return KpiDraft(
            **{name: cleaned[name] for name in names},
            baseline=None if cleaned["baseline"] == NEW else cleaned["baseline"],
            yearly=yearly,
        )


class KpiStep(StepForm):
    """Step 5: one grid an initiative (`kpi12`)."""

    def __init__(
        self, items: list[ApplicationProject], years: list[int], data: QueryDict | None = None, *, more: str = ""
    ) -> None:
        self.items = items
        self.tables = []
        for item in items:
            name = f"kpi{item.project_id}"
            kpis = list(item.project.kpis.all())
            table = Grid(
                name,
                f"「{item.project.name}」のKPI",
                KpiRow,
                data=data,
                initial=None if data is not None else [_initial(kpi) for kpi in kpis],
                blank=2 if more == name else 0 if kpis else 1,
                years=years,
            )
            self.tables.append(table)
        self.grids = tuple(table.name for table in self.tables)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return tuple(self.tables)

    @property
    def kpis(self) -> list[KpiInput]:
        """Every row, for the service."""
        return [
            KpiInput(item.project_id, row.draft, row.cleaned_data["number"])
            for item, table in zip(self.items, self.tables, strict=True)
            for row in table.rows
        ]

    @property
    def removed(self) -> list[tuple[int, int]]:
        """(project id, number) of the KPIs that stand in the database and no longer in the form."""
        found = []
        for item, table in zip(self.items, self.tables, strict=True):
            kept = {row.cleaned_data["number"] for row in table.rows}
            found += [(item.project_id, kpi.number) for kpi in item.project.kpis.all() if kpi.number not in kept]
        return found


def kpi_years(application: Application, first: int, last: int) -> list[int]:
    """The fiscal years of the path: from this application's to the program's last, five at most."""
    return list(range(application.fiscal_year, min(max(last, first), application.fiscal_year + 4) + 1))


def _initial(kpi: Kpi) -> dict[str, Any]:
    names = ("number", "name", "unit", "kind", "direction", "baseline_fy", "target", "qualifier", "target_fy")
    row = {name: getattr(kpi, name) for name in (*names, "data_source")}
    row["baseline"] = NEW if kpi.baseline_is_new else kpi.baseline
    return row | {f"y{target.fiscal_year}": target.value for target in kpi.targets.all()}
