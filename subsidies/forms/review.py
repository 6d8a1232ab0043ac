"""What reviewers type: dates, judgements, notes, opinions, reductions, correction items."""

from __future__ import annotations

from typing import Any

from django import forms

from common import clock
from common.form_fields import DayField, YenField, YesNoField
from common.part_forms import Grid, Problem, problems_of
from common.yen import show_yen

from ..models import Application, CorrectionItem, CostLine, Opinion
from ..services.reviews import ItemInput
from ..verdict_panel import PanelRule

DAY_HINT = "例：令和8年12月1日、R8.12.1"
REASON_HINT = "{}字以上。決定後も保存され、監査で読まれます。"


class ReceiveForm(forms.Form):
    """受付日: today unless paper came first."""

    received_on = DayField(label="受付日", help_text=DAY_HINT)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"received_on": clock.today()})


class JudgeForm(forms.Form):
    """A judgement on one rule; fields bear the rule's id, so that many of these stand on one page.

    A rule that asks several points (M-06) has one question for each; it holds when all are answered yes.
    """

    def __init__(self, rule: PanelRule, shortest: int, data: Any = None) -> None:
        said = rule.judgement
        super().__init__(data, prefix=rule.id, initial={"reason": said.reason if said else ""})
        self.points = rule.points
        answered = dict(said.points) if said else {}
        for number, point in enumerate(self.points):
            self.fields[f"point{number}"] = YesNoField(
                label=point, yes="はい", no="いいえ", initial=answered.get(point)
            )
        if not self.points:
            holds = None if said is None else said.result == said.Result.PASS
            self.fields["holds"] = YesNoField(label="判断", yes="適合", no="不適合", initial=holds)
        self.fields["reason"] = forms.CharField(
            label="理由", help_text=REASON_HINT.format(shortest), widget=forms.Textarea(attrs={"rows": 3})
        )

    def point_out(self) -> None:
        """Let the first field that was refused take the focus when the form comes back alone."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return

    def judgement(self) -> dict[str, Any]:
        """What `services.reviews.judge_rule` takes besides the application and the rule."""
        points = [(point, bool(self.cleaned_data[f"point{number}"])) for number, point in enumerate(self.points)]
        holds = all(yes for _, yes in points) if points else bool(self.cleaned_data["holds"])
        return {"holds": holds, "reason": self.cleaned_data["reason"], "points": points}


class NoteForm(forms.Form):
    """審査メモ（庁内限り）."""

    text = forms.CharField(label="メモ", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="note")


class OpinionForm(forms.Form):
    """意見（庁内限り）."""

    priority = forms.ChoiceField(label="優先度", required=False, choices=[("", "選ばない"), *Opinion.Priority.choices])
    proposed_yen = YenField(label="交付予定額の案（円）", required=False)
    text = forms.CharField(label="意見", widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, data: Any = None, *, own: Opinion | None = None) -> None:
        initial = {"priority": own.priority, "proposed_yen": own.proposed_yen, "text": own.text} if own else {}
        super().__init__(data, prefix="opinion", initial=initial)


class ReduceForm(forms.Form):
    """A cut of one cost line; 0 takes it away."""

    cost = forms.TypedChoiceField(label="経費", coerce=int)
    amount_yen = YenField(label="減額（円）", help_text="0円にすると減額を取り消します。")
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=200,
        help_text="通知書に記載されます。",
        widget=forms.TextInput(attrs={"size": 40}),
    )

    def __init__(self, application: Application, data: Any = None) -> None:
        super().__init__(data, prefix="reduce")
        self.fields["cost"].choices = [
            (
                line.pk,
                f"{line.number}　{line.get_category_display()}　{line.description}（{show_yen(line.eligible_yen)}円）",
            )
            for line in application.costs.all()
        ]


def _line(line: CostLine) -> str:
    """3　委託料　研修の企画運営（対象4,180,000円）."""
    return f"{line.number}　{line.get_category_display()}　{line.description}（対象{show_yen(line.eligible_yen)}円）"


class ItemForm(forms.Form):
    """One thing to mend."""

    target = forms.ChoiceField(label="箇所", required=False, choices=[("", "選択"), *CorrectionItem.Target.choices])
    rule = forms.CharField(label="根拠", required=False, max_length=8, widget=forms.TextInput(attrs={"size": 6}))
    text = forms.CharField(label="直していただきたいこと", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("text", "").strip() and not cleaned.get("target"):
            self.add_error("target", "箇所を選んでください。")
        return cleaned


class ReturnForm(forms.Form):
    """差戻し: until when, with which words, and the list of items (`items`)."""

    due_on = DayField(label="補正の期限", help_text=DAY_HINT)
    message = forms.CharField(
        label="伝えること", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="申請者に届きます。"
    )

    def __init__(self, data: Any = None, *, proposed: list[ItemInput] | None = None) -> None:
        super().__init__(data)
        rows = [{"target": item.target, "rule": item.rule, "text": item.text} for item in proposed or []]
        self.items = Grid("items", "補正項目", ItemForm, data=data, initial=rows, blank=2)

    def is_valid(self) -> bool:
        own, rows = super().is_valid(), self.items.is_valid()
        return own and rows

    @property
    def problems(self) -> list[Problem]:
        """Everything to mend, each with its place."""
        return [*problems_of(self), *self.items.problems()]

    def inputs(self) -> list[ItemInput]:
        """The items with text."""
        return [ItemInput(**row) for row in self.items.cleaned if row["text"].strip()]


class ReasonForm(forms.Form):
    """An act that needs a reason."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, required: bool = True) -> None:
        super().__init__(data)
        self.fields["reason"].required = required


class AdmitLateForm(forms.Form):
    """A submission after the deadline, named by the town's application number."""

    number = forms.CharField(label="申請番号", max_length=40)
    reason = forms.CharField(label="認める理由", max_length=200)


class ConsultationForm(forms.Form):
    """The record of a pre-consultation (D-02)."""

    held_on = DayField(label="協議日", help_text=DAY_HINT)
    attendees = forms.CharField(label="出席者", widget=forms.Textarea(attrs={"rows": 2}))
    answers = forms.CharField(label="回答・助言", widget=forms.Textarea(attrs={"rows": 6}))
    next_action = forms.CharField(label="次に行うこと", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"held_on": clock.today()})
