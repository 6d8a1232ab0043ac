"""The progress report (遂行状況) as it is typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common.form_fields import DayField, YenField
from common.part_forms import Grid, StepForm

from ..models import ProgressItem, ProgressReport, ProgressSpent
from ..services.progress import ItemInput, ProgressDraft


class BeginForm(forms.Form):
    """The day as of which is reported."""

    as_of = DayField(label="基準日", error_messages={"required": "基準日を入力してください。"})


class ItemsForm(forms.Form):
    """How far each initiative has come."""

    def __init__(self, *args: Any, rows: Collection[ProgressItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(rows)
        for row in self.lines:
            name = row.item.project.name
            self.fields[f"done_{row.item_id}"] = forms.IntegerField(
                label=f"「{name}」の進み具合（％）", required=False, min_value=0, max_value=100,
                initial=row.done_percent, widget=forms.TextInput(attrs={"size": 4, "inputmode": "numeric"}),
                error_messages={
                    "invalid": "0から100までの整数で入力してください。",
                    "min_value": "0から100までの整数で入力してください。",
                    "max_value": "0から100までの整数で入力してください。",
                },
            )  # fmt: skip
            self.fields[f"text_{row.item_id}"] = forms.CharField(
                label=f"「{name}」で実施した内容", required=False, initial=row.text,
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip

    @property
    def rows(self) -> Iterator[tuple[ProgressItem, BoundField, BoundField]]:
        for row in self.lines:
            yield row, self[f"done_{row.item_id}"], self[f"text_{row.item_id}"]

    @property
    def typed(self) -> dict[int, ItemInput]:
        return {
            row.item_id: ItemInput(self.cleaned_data[f"done_{row.item_id}"], self.cleaned_data[f"text_{row.item_id}"])
            for row in self.lines
        }


class SpentForm(forms.Form):
    """What was spent so far, 節 by 節."""

    def __init__(self, *args: Any, rows: Collection[ProgressSpent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(rows)
        for row in self.lines:
            label = f"{row.get_category_display()}の支出済額"
            self.fields[f"spent_{row.category}"] = YenField(label=label, required=False, initial=row.spent_yen)

    @property
    def rows(self) -> Iterator[tuple[ProgressSpent, BoundField]]:
        for row in self.lines:
            yield row, self[f"spent_{row.category}"]

    @property
    def typed(self) -> dict[str, int | None]:
        return {row.category: self.cleaned_data[f"spent_{row.category}"] for row in self.lines}


class OutlookForm(forms.Form):
    """What stands in the way, how it goes on, and the letter's number."""

    problems = forms.CharField(label="課題", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    outlook = forms.CharField(label="今後の見通し", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    document_no = forms.CharField(
        label="報告文書の番号", max_length=40, required=False, help_text="代表市町村の文書番号。例：企第180号"
    )


class ProgressStep(StepForm):
    """The whole report for a planner; for a field officer only the initiatives assigned to her."""

    def __init__(self, report: ProgressReport, own: Collection[int], data: QueryDict | None, *, whole: bool) -> None:
        self.whole = whole
        rows = [row for row in report.items.select_related("item__project") if row.item_id in own]
        self.items = ItemsForm(data, rows=rows)
        if whole:
            self.spent = SpentForm(data, rows=list(report.spent.all()))
            names = ("problems", "outlook", "document_no")
            self.words = OutlookForm(data, initial={name: getattr(report, name) for name in names})

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.items, self.spent, self.words) if self.whole else (self.items,)

    @property
    def draft(self) -> ProgressDraft:
        """Everything typed, for the service."""
        if not self.whole:
            return ProgressDraft(items=self.items.typed)
        return ProgressDraft(**self.words.cleaned_data, items=self.items.typed, spent=self.spent.typed)


class CommentForm(forms.Form):
    """What the bureau says to a progress report."""

    comment = forms.CharField(
        label="意見・補ってほしいこと", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="差し戻すときは必ず書いてください。代表市町村に届きます",
    )  # fmt: skip
