"""What a town answers after the support, and the filters of the overview."""

from __future__ import annotations

from typing import Any

from django import forms

from common.form_fields import YesNoField

from ..follow_up_list import ANSWERS, FollowUpFilters
from ..models import FollowUp
from ..services.follow_ups import Answer
from .filtering import ALL, bureau_choices, year_choices


class FollowUpForm(forms.Form):
    """One initiative in one year; everything may be left open until it is submitted."""

    continues = YesNoField(label="取組は続いていますか", yes="続いている", no="続いていない", required=False)
    funding = forms.CharField(
        label="財源", required=False, max_length=200, help_text="例：各町の一般財源（均等割）、参加費",
        widget=forms.TextInput(attrs={"size": 40}),
    )  # fmt: skip
    staffing = forms.CharField(
        label="体制", required=False, max_length=200, help_text="例：長沼町企画課1名が事務局、各町に担当1名",
        widget=forms.TextInput(attrs={"size": 40}),
    )  # fmt: skip
    obstacles = forms.CharField(
        label="課題", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="続いていないときは、その理由を書きます。",
    )  # fmt: skip
    national_scheme = forms.BooleanField(label="国の制度（定住自立圏・連携中枢都市圏）の取組に移った", required=False)

    def __init__(self, data: Any, row: FollowUp) -> None:
        names = ("continues", "funding", "staffing", "obstacles", "national_scheme")
        super().__init__(data, initial={name: getattr(row, name) for name in names})

    def answer(self) -> Answer:
        """What was typed, as the service takes it."""
        return Answer(**self.cleaned_data)


class CommentForm(forms.Form):
    """What the bureau says to the answer."""

    text = forms.CharField(
        label="コメント",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="代表市町村に伝わります。",
        error_messages={"required": "コメントを入力してください。"},
    )


class FollowUpListForm(forms.Form):
    """Filters as they stand in the address of the overview; what cannot be read narrows nothing."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    bureau = forms.ChoiceField(label="主管振興局", required=False)
    answer = forms.ChoiceField(label="回答", required=False, choices=[ALL, *ANSWERS.items()])

    def __init__(self, data: Any, years: list[int]) -> None:
        super().__init__(data, auto_id="follow-%s")
        self.fields["year"].choices = year_choices(years)
        self.fields["bureau"].choices = bureau_choices()

    def filters(self) -> FollowUpFilters:
        """What was chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        chosen = self.cleaned_data
        return FollowUpFilters(chosen.get("year"), chosen.get("bureau", ""), chosen.get("answer", ""))
