"""Step 4 of the wizard: cost lines, income lines, the grant asked for and who gets and pays what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common.form_fields import FigureField, YenField
from common.part_forms import Grid, StepForm
from common.yen import show_yen

from ..models import Application, CostLine, IncomeLine
from ..rulesets import rules_of
from ..services.drafts import ShareInput

WIDE = {"size": 24}


class CostRow(forms.Form):
    """One cost line. The amount may be left out where quantity and unit price give it."""

    category = forms.ChoiceField(label="節", choices=[("", ""), *CostLine.Category.choices])
    description = forms.CharField(label="内容", max_length=200, widget=forms.TextInput(attrs=WIDE))
    quantity = FigureField(label="数量", required=False, at_least=0, digits=10, places=2)
    unit = forms.CharField(label="単位", max_length=20, required=False, widget=forms.TextInput(attrs={"size": 4}))
    unit_price_yen = YenField(label="単価", required=False)
    amount_yen = YenField(label="金額", required=False)
    eligible_yen = YenField(label="対象額", required=False)
    project = forms.ChoiceField(label="取組", required=False)
    member = forms.ChoiceField(label="負担団体", required=False)
    is_hard = forms.BooleanField(label="ハード", required=False)
    other_subsidy = forms.BooleanField(label="他の補助金", required=False)

    def __init__(self, *args: Any, projects: list[tuple[str, str]], members: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", "（共通）"), *projects]
        self.fields["member"].choices = [("", "（共同）"), *members]

    figures = ("quantity", "unit_price_yen", "amount_yen", "eligible_yen")

    @property
    def cells(self) -> list[BoundField]:
        """The fields in the order of the table's columns."""
        return list(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        quantity, price, amount = (cleaned[name] for name in ("quantity", "unit_price_yen", "amount_yen"))
        product = None if quantity is None or price is None else quantity * price
        if amount is None and product is None:
            self.add_error("amount_yen", "金額、または数量と単価を入力してください。")
        elif amount is None and product != int(product or 0):
            self.add_error("amount_yen", "数量×単価に円未満の端数があります。金額を入力してください。")
        elif amount is not None and product is not None and abs(product - amount) >= 1:
            self.add_error("amount_yen", f"数量×単価（{show_yen(int(product))}円）と一致しません。")
        else:
            cleaned["amount_yen"] = int(product or 0) if amount is None else amount
            if cleaned["eligible_yen"] is None:
                cleaned["eligible_yen"] = cleaned["amount_yen"]
            elif cleaned["eligible_yen"] > cleaned["amount_yen"]:
                self.add_error("eligible_yen", f"金額{show_yen(cleaned['amount_yen'])}円以下にしてください。")
        return cleaned

    @property
    def line(self) -> dict[str, Any]:
        """What was typed as a line for the service."""
        line = {name: value for name, value in self.cleaned_data.items() if name not in ("project", "member")}
        project, member = self.cleaned_data["project"], self.cleaned_data["member"]
        return line | {"project_id": int(project) if project else None, "member_id": member or None}


class IncomeRow(forms.Form):
    """One line of income besides the grant asked for."""

    kind = forms.ChoiceField(label="区分", choices=[("", ""), *IncomeLine.Kind.choices])
    description = forms.CharField(label="内容", max_length=200, widget=forms.TextInput(attrs=WIDE))
    member = forms.ChoiceField(label="市町村", required=False)
    amount_yen = YenField(label="金額")

    def __init__(self, *args: Any, members: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", ""), *members]

    @property
    def line(self) -> dict[str, Any]:
        """What was typed as a line for the service."""
        kept = {name: self.cleaned_data[name] for name in ("kind", "description", "amount_yen")}
        return kept | {"member_id": self.cleaned_data["member"] or None}


class ShareForm(forms.Form):
    """The grant asked for, and for each participant its part of it, its own burden and its role."""

    requested_yen = YenField(label="交付申請額", required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = list(application.parts.all())
        rules = rules_of(application.call.ruleset)
        per = rules.settings["cap_basis"].shown
        self.fields["requested_yen"].help_text = f"上限 {show_yen(rules.value('cap_yen'))}円（{per}、年度ごと）"
        for part in self.parts:
            code, name = part.municipality_id, part.municipality.name
            self.fields[f"split_{code}"] = YenField(
                label=f"{name}の配分額", required=False, initial=part.split_yen or None
            )
            self.fields[f"burden_{code}"] = YenField(
                label=f"{name}の負担額", required=False, initial=part.burden_yen or None
            )
            self.fields[f"role_{code}"] = forms.CharField(
                label=f"{name}の役割", max_length=200, required=False, initial=part.role
            )

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The table: one row a participant with its fields."""
        for part in self.parts:
            code = part.municipality_id
            yield {
                "town": part.municipality,
                "split": self[f"split_{code}"],
                "burden": self[f"burden_{code}"],
                "role": self[f"role_{code}"],
            }

    @property
    def shares(self) -> list[ShareInput]:
        """What was typed, for the service."""
        return [
            ShareInput(
                municipality=part.municipality_id,
                split_yen=self.cleaned_data[f"split_{part.municipality_id}"] or 0,
                burden_yen=self.cleaned_data[f"burden_{part.municipality_id}"] or 0,
                role=self.cleaned_data[f"role_{part.municipality_id}"],
            )
            for part in self.parts
        ]


class CostStep(StepForm):
    """Step 4. Sums that do not add up are shown at once but never keep anyone from saving a draft."""

    grids = ("costs", "incomes")

    def __init__(self, application: Application, data: QueryDict | None = None, *, more: str = "") -> None:
        members = [(part.municipality_id, part.municipality.name) for part in application.parts.all()]
        projects = [(str(item.project_id), item.project.name) for item in application.items.all()]
        self.costs = Grid(
            "costs",
            "経費",
            CostRow,
            data=data,
            initial=None if data is not None else [cost_row(line) for line in application.costs.all()],
            blank=6 if more == "costs" else 2,
            projects=projects,
            members=members,
        )
        self.incomes = Grid(
            "incomes",
            "収入",
            IncomeRow,
            data=data,
            initial=None if data is not None else [_income(line) for line in application.incomes.all()],
            blank=4 if more == "incomes" else 1,
            members=members,
        )
        self.share = ShareForm(
            data, application=application, initial={"requested_yen": application.requested_yen or None}
        )

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return self.costs, self.incomes, self.share

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [row.line for row in self.costs.rows]

    @property
    def income_lines(self) -> list[dict[str, Any]]:
        return [row.line for row in self.incomes.rows]

    @property
    def requested_yen(self) -> int:
        return self.share.cleaned_data["requested_yen"] or 0


def cost_row(line: CostLine) -> dict[str, Any]:
    """A stored line as the row of the table starts with it."""
    names = ("category", "description", "quantity", "unit", "unit_price_yen", "amount_yen", "eligible_yen", "is_hard")
    row = {name: getattr(line, name) for name in (*names, "other_subsidy")}
    return row | {"project": str(line.project_id or ""), "member": line.member_id or ""}


def _income(line: IncomeLine) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "description": line.description,
        "member": line.member_id or "",
        "amount_yen": line.amount_yen,
    }
