"""What drafters and deciders type."""

from __future__ import annotations

from typing import Any

from django import forms

from common.directory import Section
from common.form_fields import DayField, YenField

from ..models import Application, ApprovalRoute

GRANT_PLAN = "要件の確認並びに振興局及び本庁の審査の結果、適当と認められるので、次のとおり交付を決定することとしたい。"
ACTS = [(ApprovalRoute.Act.GRANT.value, "交付を決定する"), (ApprovalRoute.Act.REFUSE.value, "不交付とする")]


class DraftForm(forms.Form):
    """起案: what is proposed, how much, under which conditions, and who must agree."""

    act = forms.ChoiceField(label="処分", choices=ACTS, widget=forms.RadioSelect, initial=ACTS[0][0])
    amount_yen = YenField(label="交付決定額（円）", required=False, help_text="不交付のときは空欄にします。")
    plan = forms.CharField(
        label="処分の案と理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不交付のときは、ここに書いた理由を通知書に記載します。",
    )
    conditions = forms.CharField(
        label="付ける条件",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="標準の条件に加えるものを1行に1つ書きます。",
    )
    concurring = forms.MultipleChoiceField(label="合議", required=False, widget=forms.CheckboxSelectMultiple)
    external_number = forms.CharField(label="文書管理番号", required=False, max_length=60)

    def __init__(self, data: Any, departments: list[Section], amount_yen: int | None) -> None:
        super().__init__(data, initial={"plan": GRANT_PLAN, "amount_yen": amount_yen})
        choices = [(section.key, f"{section.label}（{section.duty.label}）") for section in departments]
        if choices:
            self.fields["concurring"].choices = choices
        else:
            del self.fields["concurring"]


class DecideForm(forms.Form):
    """決裁."""

    comment = forms.CharField(label="意見", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    acting = forms.BooleanField(label="代決", required=False)


class CommentForm(forms.Form):
    """合議."""

    comment = forms.CharField(
        label="意見",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="異議を述べるときは、理由を必ず書いてください。",
    )


class SelectForm(forms.Form):
    """内定."""

    amount_yen = YenField(label="内定額（円）")
    conditions = forms.CharField(
        label="付ける条件", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="1行に1つ書きます。"
    )

    apply_by = DayField(label="交付申請の期限", help_text="内定通知書に記載します。例：令和8年12月25日")

    def __init__(self, data: Any, application: Application, amount_yen: int | None) -> None:
        super().__init__(
            data,
            prefix="select",
            initial={"amount_yen": amount_yen if amount_yen is not None else application.requested_yen},
        )


class NotSelectForm(forms.Form):
    """不採択."""

    reason = forms.CharField(
        label="不採択の理由", widget=forms.Textarea(attrs={"rows": 3}), help_text="通知書に記載します。"
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, prefix="not")
