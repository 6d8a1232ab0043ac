"""The performance report as it is typed: actual beside plan, income, shares, words, case sheets; and acts around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from common import files
from common.form_fields import DayField, YenField
from common.part_forms import Grid, StepForm
from common.yen import show_yen

from ..models import CaseSheet, IncomeLine, Report, ReportCost, ReportIncome, ReportItem
from ..services.completion import CaseInput, CostInput, IncomeInput, ReportDraft

SHORT = {"size": 14}
WORDS = (
    ("work_done", "実施した内容", 6),
    ("effect", "事業の効果", 6),
    ("problems", "課題", 4),
    ("outlook", "今後の見通し", 4),
)


class CostsForm(forms.Form):
    """What each line of the plan really cost; the rows are those of the plan, none is added here."""

    def __init__(self, *args: Any, rows: Collection[ReportCost], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(rows)
        for row in self.lines:
            n = row.cost.number
            self.fields[f"actual_{n}"] = YenField(label=f"{n}行目 実績額", required=False, initial=row.actual_yen)
            self.fields[f"eligible_{n}"] = YenField(label=f"{n}行目 対象額", required=False, initial=row.eligible_yen)
            for name, label, longest in (("note", "差の理由", 200), ("evidence", "証拠書類の番号", 60)):
                self.fields[f"{name}_{n}"] = forms.CharField(
                    label=f"{n}行目 {label}", max_length=longest, required=False, initial=getattr(row, name),
                    widget=forms.TextInput(attrs=SHORT),
                )  # fmt: skip

    def cells(self, number: int) -> list[BoundField]:
        """The fields of one line in the order of the table's columns."""
        return [self[f"{name}_{number}"] for name in ("actual", "eligible", "note", "evidence")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for row in self.lines:
            n = row.cost.number
            actual, eligible = cleaned.get(f"actual_{n}"), cleaned.get(f"eligible_{n}")
            if eligible is not None and (actual is None or eligible > actual):
                most = (
                    "実績額を入力してください。"
                    if actual is None
                    else f"実績額{show_yen(actual)}円以下にしてください。"
                )
                self.add_error(f"eligible_{n}", most)
        return cleaned

    @property
    def typed(self) -> dict[int, CostInput]:
        """By the number of the line; an empty 対象額 means the whole actual cost."""
        found = {}
        for row in self.lines:
            n = row.cost.number
            actual, eligible, note, evidence = (
                self.cleaned_data[f"{name}_{n}"] for name in ("actual", "eligible", "note", "evidence")
            )
            found[n] = CostInput(actual, actual if eligible is None else eligible, note, evidence)
        return found


class PlannedIncomes(forms.Form):
    """What came in on the plan's own lines of income."""

    def __init__(self, *args: Any, rows: Collection[ReportIncome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [row for row in rows if row.planned_yen]
        for row in self.lines:
            label = f"{row.get_kind_display()}「{row.description}」の実績額"
            self.fields[f"income_{row.number}"] = YenField(label=label, required=False, initial=row.actual_yen)

    @property
    def rows(self) -> Iterator[tuple[ReportIncome, BoundField]]:
        for row in self.lines:
            yield row, self[f"income_{row.number}"]

    @property
    def typed(self) -> list[IncomeInput]:
        return [
            IncomeInput(row.number, row.kind, row.description, self.cleaned_data[f"income_{row.number}"])
            for row in self.lines
        ]


class NewIncome(forms.Form):
    """Income that the plan did not have."""

    kind = forms.ChoiceField(label="区分", choices=[("", ""), *IncomeLine.Kind.choices])
    description = forms.CharField(label="内容", max_length=200, widget=forms.TextInput(attrs={"size": 24}))
    actual_yen = YenField(label="収入額")


class SharesForm(forms.Form):
    """Each member's part of the grant after the work."""

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(report.shares.select_related("municipality"))
        for share in self.lines:
            label = f"{share.municipality.name}の精算額"
            name = f"share_{share.municipality_id}"
            self.fields[name] = YenField(label=label, required=False, initial=share.actual_yen)

    @property
    def rows(self) -> Iterator[tuple[Any, BoundField]]:
        for share in self.lines:
            yield share, self[f"share_{share.municipality_id}"]

    @property
    def typed(self) -> dict[str, int | None]:
        return {share.municipality_id: self.cleaned_data[f"share_{share.municipality_id}"] for share in self.lines}


class WordsForm(forms.Form):
    """What the bureau reads besides figures."""

    document_no = forms.CharField(
        label="報告文書の番号", max_length=40, required=False, help_text="代表市町村の文書番号。例：企第210号"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, rows in WORDS:
            self.fields[name] = forms.CharField(
                label=label, required=False, widget=forms.Textarea(attrs={"rows": rows})
            )


class CaseForm(forms.Form):
    """The case sheet of one initiative."""

    title = forms.CharField(label="事例の名称", max_length=100, required=False)
    effect = forms.CharField(
        label="効果（数で）", required=False, help_text="例：研修を開けた町が3から8に増えた",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    cost_yen = YenField(label="かかった費用（円）", required=False)
    obstacles = forms.CharField(label="苦労した点・工夫", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, sheet: CaseSheet, **kwargs: Any) -> None:
        self.sheet = sheet
        names = ("title", "effect", "cost_yen", "obstacles")
        initial = {name: getattr(sheet, name) for name in names}
        super().__init__(*args, **({"prefix": f"case{sheet.project_id}", "initial": initial} | kwargs))

    @property
    def typed(self) -> CaseInput:
        return CaseInput(**self.cleaned_data)


class ReportStep(StepForm):
    """The whole report for a planner; for a field officer (`lines` given) only the lines of her initiatives."""

    grids = ("new",)

    def __init__(
        self, report: Report, data: QueryDict | None = None, *, lines: Collection[int] | None = None, more: str = ""
    ) -> None:
        rows = [row for row in report.costs.select_related("cost") if lines is None or row.cost.number in lines]
        self.report, self.whole = report, lines is None
        self.costs = CostsForm(data, rows=rows)
        if not self.whole:
            return
        incomes = list(report.incomes.all())
        self.last = max((row.number for row in incomes if row.planned_yen), default=0)
        own = [row for row in incomes if not row.planned_yen]
        self.incomes = PlannedIncomes(data, rows=incomes)
        self.new = Grid(
            "new",
            "計画になかった収入",
            NewIncome,
            data=data,
            initial=None
            if data is not None
            else [{"kind": row.kind, "description": row.description, "actual_yen": row.actual_yen} for row in own],
            blank=3 if more == "new" else 1,
        )
        self.shares = SharesForm(data, report=report)
        names = [name for name, _, _ in WORDS]
        self.words = WordsForm(data, initial={name: getattr(report, name) for name in ("document_no", *names)})
        self.cases = [CaseForm(data, sheet=sheet) for sheet in report.case_sheets.select_related("project")]

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        if not self.whole:
            return (self.costs,)
        return self.costs, self.incomes, self.new, self.shares, self.words, *self.cases

    @property
    def draft(self) -> ReportDraft:
        """Everything typed, for the service."""
        new = [
            IncomeInput(self.last + place, row["kind"], row["description"], row["actual_yen"])
            for place, row in enumerate(self.new.cleaned, 1)
        ]
        return ReportDraft(
            **self.words.cleaned_data,
            costs=self.costs.typed,
            incomes=[*self.incomes.typed, *new],
            shares=self.shares.typed,
            cases={case.sheet.project_id: case.typed for case in self.cases},
        )


class CompleteForm(forms.Form):
    """The day on which the work was finished."""

    finished_on = DayField(
        label="事業を完了した日", error_messages={"required": "事業を完了した日を入力してください。"}
    )


class ConfirmForm(forms.Form):
    """The legal act of reporting."""

    confirmed = forms.BooleanField(
        label="報告の内容を確かめました。構成市町村を代表して提出します",
        error_messages={"required": "内容を確かめて、チェックを付けてください。"},
    )


class EvidenceForm(forms.Form):
    """One file of evidence and the line that it proves."""

    number = forms.TypedChoiceField(label="経費", coerce=int, error_messages={"required": "経費を選んでください。"})
    upload = forms.FileField(
        label="ファイル",
        help_text="PDF・Excel（.xlsx）・Word・画像、1つ10MBまで。マクロやパスワードの付いたファイルは使えません",
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def __init__(self, *args: Any, lines: Collection[ReportCost], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [("", ""), *((row.cost.number, str(row.cost)) for row in lines)]

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        files.check(upload)
        return upload


class ReturnForm(forms.Form):
    """What has to be mended in a report, one thing a line, and until when."""

    items = forms.CharField(
        label="補正してほしいこと",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="1行に1つずつ書いてください。書いたとおりに代表市町村に届きます",
        error_messages={"required": "補正してほしいことを入力してください。"},
    )
    due_on = DayField(label="補正の期限", error_messages={"required": "補正の期限を入力してください。"})

    @property
    def texts(self) -> list[str]:
        return [line for line in self.cleaned_data["items"].splitlines() if line.strip()]


class AnswersForm(forms.Form):
    """The answers to what the bureau wants mended in a report."""

    def __init__(self, *args: Any, items: Collection[ReportItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            self.fields[f"answer_{item.pk}"] = forms.CharField(
                label=f"項目{item.number}をどう直したか", required=False, initial=item.answer,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    @property
    def rows(self) -> list[tuple[ReportItem, BoundField]]:
        return [(item, self[f"answer_{item.pk}"]) for item in self.items]

    @property
    def answers(self) -> Mapping[int, str]:
        return {item.pk: self.cleaned_data[f"answer_{item.pk}"].strip() for item in self.items}


class UrgeForm(forms.Form):
    """The new day of an urged report."""

    new_due_on = DayField(label="新しい期限", error_messages={"required": "新しい期限を入力してください。"})
    text = forms.CharField(
        label="添える言葉", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="督促状に載ります"
    )


class FixForm(forms.Form):
    """The reason where less is fixed than was reported."""

    reason = forms.CharField(
        label="減額の理由", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="報告された額より減らして確定するときは必ず書いてください。通知書に載ります",
    )  # fmt: skip
