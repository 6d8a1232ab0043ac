"""What headquarters types to prepare a call and to allot its budget."""

from __future__ import annotations

from typing import Any

from django import forms

from common.form_fields import DayField, FiscalYearField, YenField
from common.viewer import Viewer
from municipalities.models import PopulationSeries

from ..call_budget import BudgetRow
from ..models import Call, RuleSetVersion
from ..services.calls import CallInput

DAY_HINT = "例：令和9年1月8日"


class CallForm(forms.Form):
    """A call as a whole."""

    ruleset = forms.TypedChoiceField(label="制度とルールの版", coerce=int)
    fiscal_year = FiscalYearField(label="年度", help_text="例：令和10年度、R10")
    phases = forms.ChoiceField(label="段階", choices=Call.Phases.choices, widget=forms.RadioSelect)
    series = forms.ChoiceField(label="将来推計人口の版", help_text="この募集の判定に使い、結果に必ず表示します。")
    opens_on = DayField(label="受付開始日", help_text=DAY_HINT)
    closes_on = DayField(label="締切日", help_text=DAY_HINT)
    decision_expected_on = DayField(label="交付決定の見込日", required=False, help_text=DAY_HINT)
    number_prefix = forms.CharField(label="申請番号の記号", required=False, max_length=20)
    required_documents = forms.CharField(
        label="必要書類", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="1行に1つ書きます。"
    )

    def __init__(self, data: Any, viewer: Viewer, call: Call | None = None) -> None:
        super().__init__(data, initial=_initial(call) if call else {"phases": Call.Phases.GRANT_ONLY})
        versions = RuleSetVersion.objects.visible_to(viewer).filter(state="published").select_related("program")
        self.fields["ruleset"].choices = [
            (row.pk, f"{row.program.name}　第{row.version}版") for row in versions.defer("content")
        ]
        series = PopulationSeries.objects.filter(kind="projection").values_list("code", "name")
        self.fields["series"].choices = list(series)

    def values(self) -> CallInput:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        lines = given["required_documents"].splitlines()
        return CallInput(
            ruleset_id=given["ruleset"],
            fiscal_year=given["fiscal_year"],
            phases=given["phases"],
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            series_id=given["series"],
            decision_expected_on=given["decision_expected_on"],
            required_documents=tuple(line.strip() for line in lines if line.strip()),
            number_prefix=given["number_prefix"],
        )


def _initial(call: Call) -> dict[str, Any]:
    return {
        "ruleset": call.ruleset_id,
        "fiscal_year": call.fiscal_year,
        "phases": call.phases,
        "series": call.series_id,
        "opens_on": call.opens_on,
        "closes_on": call.closes_on,
        "decision_expected_on": call.decision_expected_on,
        "number_prefix": call.number_prefix,
        "required_documents": "\n".join(call.required_documents),
    }


class AllotForm(forms.Form):
    """One amount for each bureau of the prefecture."""

    def __init__(self, data: Any, rows: list[BudgetRow]) -> None:
        super().__init__(data, prefix="allot", initial={row.bureau.pk: row.allotted_yen for row in rows})
        for row in rows:
            self.fields[row.bureau.pk] = YenField(label=row.bureau.name)
        self.rows = rows

    def lines(self) -> list[tuple[BudgetRow, forms.BoundField]]:
        return [(row, self[row.bureau.pk]) for row in self.rows]

    def amounts(self) -> dict[str, int]:
        """What was typed by bureau code; bureaus that have nothing and get nothing are left out."""
        had = {row.bureau.pk: row.allotted_yen for row in self.rows}
        return {code: yen for code, yen in self.cleaned_data.items() if yen or had[code]}
