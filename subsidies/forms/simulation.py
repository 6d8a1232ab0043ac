"""What headquarters types to simulate the distribution of a round."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from common.form_fields import YenField
from common.part_forms import StepForm

from ..distribution import Method
from ..models import BudgetSimulation, SimulationLine

METHODS = [(method.value, f"{method.label}　{method.how}") for method in Method]
PARTIAL = "満額に足りない申請にも、残りを配る（優先度順のとき）"


class MethodForm(forms.Form):
    """By which method the amounts are computed."""

    method = forms.ChoiceField(label="方法", choices=METHODS, widget=forms.RadioSelect, initial=Method.PRO_RATA.value)
    partial = forms.BooleanField(label=PARTIAL, required=False, initial=True)

    def values(self) -> dict[str, Any]:
        return {"method": Method(self.cleaned_data["method"]), "partial": self.cleaned_data["partial"]}


class NewForm(MethodForm):
    """A new simulation."""

    name = forms.CharField(label="名称", max_length=40, help_text="例：按分案、新規を優先する案")
    note = forms.CharField(label="考え方", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ["name", "method", "partial", "note"]


class NameForm(forms.Form):
    """The name of a simulation and what is noted on it."""

    name = forms.CharField(label="名称", max_length=40)
    note = forms.CharField(label="考え方", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, simulation: BudgetSimulation) -> None:
        super().__init__(data, prefix="name", initial={"name": simulation.name, "note": simulation.note})


class CopyForm(forms.Form):
    """The name of a copy."""

    name = forms.CharField(label="写しの名称", max_length=40)

    def __init__(self, data: Any, simulation: BudgetSimulation) -> None:
        super().__init__(data, prefix="copy", initial={"name": f"{simulation.name[:36]}（写し）"})


class LinesForm(forms.Form):
    """An amount and a reason for each line: `amount_12`, `reason_12` with the application's key."""

    def __init__(self, data: QueryDict | None, lines: list[SimulationLine]) -> None:
        initial: dict[str, int | str] = {f"amount_{line.application_id}": line.amount_yen for line in lines}
        initial |= {f"reason_{line.application_id}": line.reason for line in lines}
        super().__init__(data, initial=initial)
        self.lines = lines
        for line in lines:
            name = line.application.region.name
            self.fields[f"amount_{line.application_id}"] = YenField(label=f"{name}の配分額")
            self.fields[f"reason_{line.application_id}"] = forms.CharField(
                label=f"{name}の減額の理由",
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"size": 26}),
            )

    def cells(self) -> list[tuple[SimulationLine, forms.BoundField, forms.BoundField]]:
        return [
            (line, self[f"amount_{line.application_id}"], self[f"reason_{line.application_id}"]) for line in self.lines
        ]

    def read(self, kind: str) -> dict[int, Any]:
        """What could be read of one column (amount or reason), by application."""
        self.is_valid()
        found = {line.application_id: self.cleaned_data.get(f"{kind}_{line.application_id}") for line in self.lines}
        return {pk: value for pk, value in found.items() if value is not None}


class LinesStep(StepForm):
    """The lines as the part of a simulation that several people write; what can be read is saved."""

    partial = True

    def __init__(self, lines: list[SimulationLine], data: QueryDict | None = None) -> None:
        self.table = LinesForm(data, lines)

    def parts(self) -> tuple[forms.Form]:
        return (self.table,)
