"""KPIs as forms: the plan of one indicator with its yearly path, the grid of actuals, one actual with its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common import files
from common.fiscal_year import FiscalYear
from common.form_fields import FigureField, FiscalYearField
from common.part_forms import Problem, StepForm

from ..kpi_records import KpiRecord
from ..models import Kpi, Project
from ..models.kpi import NEW
from ..services import ActualEntry, KpiDraft
from .base import Form

PATH_YEARS = 6  # a new plan offers so many years


class BaselineField(FigureField):
    """A figure, or 新規 where nothing was measured before (kept as the word)."""

    def to_python(self, value: Any) -> Any:
        return NEW if str(value or "").strip() == NEW else super().to_python(value)


class KpiRow(forms.Form):
    """One indicator; the hidden `number` is the one it bears already. `whole` asks for 累計 too."""

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
    cumulative = forms.BooleanField(label="累計（開始からの合計）", required=False)

    def __init__(self, *args: Any, years: Sequence[int], whole: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not whole:
            del self.fields["cumulative"]
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
            cumulative=cleaned.get("cumulative"),
            baseline=None if cleaned["baseline"] == NEW else cleaned["baseline"],
            yearly=yearly,
        )


def row_of(kpi: Kpi) -> dict[str, Any]:
    """A stored indicator as the initial values of a `KpiRow`; its planned values must have been read with it."""
    names = ("number", "name", "unit", "kind", "direction", "baseline_fy", "target", "qualifier", "target_fy")
    row = {name: getattr(kpi, name) for name in (*names, "data_source", "cumulative")}
    row["baseline"] = NEW if kpi.baseline_is_new else kpi.baseline
    return row | {f"y{target.fiscal_year}": target.value for target in kpi.targets.all()}


class PlanStep(StepForm):
    """The plan of one indicator, new or as it stands."""

    def __init__(self, kpi: Kpi | None, years: Sequence[int], data: QueryDict | None = None) -> None:
        initial = None if data is not None else row_of(kpi) if kpi else {"kind": Kpi.Kind.OUTCOME}
        self.row = KpiRow(data, initial=initial, years=years, whole=True, label_suffix="")

    def parts(self) -> tuple[forms.Form, ...]:
        return (self.row,)


class ProjectChoice(Form):
    """To which initiative a new indicator belongs."""

    project = forms.ChoiceField(label="取組")

    def __init__(self, *args: Any, projects: Sequence[Project], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", "選択してください"), *((row.pk, row.name) for row in projects)]


def path_years(kpi: Kpi | None, today: FiscalYear) -> list[int]:
    """The years for which the plan has a field: from the year after the baseline to the target, and those entered."""
    if kpi is None:
        return list(range(int(today), int(today) + PATH_YEARS))
    entered = [row.fiscal_year for row in kpi.targets.all()]
    first = min([*entered, kpi.baseline_fy + 1 if kpi.baseline_fy else int(today)])
    last = max([*entered, kpi.target_fy or first])
    return list(range(first, last + 1))


class ActualsForm(forms.Form):
    """One field for the value and one for the evidence of each KPI and year: `a12-2025`, `e12-2025`."""

    def __init__(
        self, *args: Any, records: Sequence[KpiRecord], years: Sequence[int], writable: Collection[int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.cells = [(record, year) for record in records if record.kpi.pk in writable for year in years]
        for record, year in self.cells:
            row, kpi = record.actuals.get(year), record.kpi
            fiscal_year = FiscalYear(year)
            named = f"{kpi.name}　{fiscal_year.wareki}"
            value = FigureField(label=f"{named}の実績", required=False, initial=row.value if row else None)
            heads = (fiscal_year.short, fiscal_year.wareki, str(int(year)), f"{int(year)}年度")
            value.widget.attrs |= {"data-heads": "|".join(heads)}  # how a pasted heading may name this column
            self.fields[_value(kpi.pk, year)] = value
            self.fields[_evidence(kpi.pk, year)] = forms.CharField(
                label=f"{named}の根拠",
                required=False,
                max_length=200,
                initial=row.evidence if row else "",
                widget=forms.TextInput(attrs={"size": 10}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for record, year in self.cells:
            value, evidence = _value(record.kpi.pk, year), _evidence(record.kpi.pk, year)
            if cleaned.get(evidence) and cleaned.get(value) is None and value not in self.errors:
                self.add_error(value, "実績値を入力してください。実績を消すときは、根拠も消してください。")
            elif cleaned.get(value) is not None and not (cleaned.get(evidence) or record.kpi.data_source):
                self.add_error(evidence, "実績の根拠を入力してください。")
        return cleaned


class ActualsStep(StepForm):
    """The grid of a region: KPI × fiscal year."""

    def __init__(
        self,
        records: Sequence[KpiRecord],
        years: Sequence[int],
        writable: Collection[int],
        data: QueryDict | None = None,
    ) -> None:
        self.form = ActualsForm(data, records=records, years=years, writable=writable)

    def parts(self) -> tuple[forms.Form, ...]:
        return (self.form,)

    @property
    def problems(self) -> list[Problem]:
        """Every error with its KPI, year and cell."""
        return [
            Problem(f"{field.label}：{error}", field.id_for_label, field.html_name)
            for field in self.form
            for error in field.errors
        ]

    def cell(self, kpi: int, year: int) -> tuple[BoundField, BoundField] | None:
        """The two fields of a KPI and year; None where this person does not write."""
        name = _value(kpi, year)
        return (self.form[name], self.form[_evidence(kpi, year)]) if name in self.form.fields else None

    @property
    def entries(self) -> Iterator[ActualEntry]:
        """The cells that are not as they stand."""
        for record, year in self.form.cells:
            pk, stands = record.kpi.pk, record.actuals.get(year)
            value, evidence = (self.form.cleaned_data.get(name(pk, year)) for name in (_value, _evidence))
            now = (value, (evidence or record.kpi.data_source) if value is not None else "")
            if now != ((stands.value, stands.evidence) if stands else (None, "")):
                yield ActualEntry(pk, year, value, evidence or "")


class RecordForm(Form):
    """What one KPI reached in one fiscal year, with the file that shows it."""

    fiscal_year = FiscalYearField(label="年度", help_text="例：R8")
    value = FigureField(label="実績値")
    evidence = forms.CharField(label="根拠", max_length=200, required=False)
    upload = forms.FileField(label="根拠のファイル", required=False, max_length=200)

    def clean_upload(self) -> Any:
        """Refuse what may not be kept before anything is written."""
        upload = self.cleaned_data.get("upload")
        if upload:
            files.check(upload)
        return upload


def _value(kpi: int, year: int) -> str:
    return f"a{kpi}-{int(year)}"


def _evidence(kpi: int, year: int) -> str:
    return f"e{kpi}-{int(year)}"
