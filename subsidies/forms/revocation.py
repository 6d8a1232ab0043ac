"""What is typed to revoke a grant, to hear the towns, to order money back, and to open a closed file again."""

from __future__ import annotations

from typing import Any

from django import forms

from common.form_fields import DayField, YenField

from ..models import Finding, Revocation

EXAMPLE_DAY = "例：令和8年12月1日"


class ProposeForm(forms.Form):
    """起案: ground, range, amount of a part, facts."""

    scope = forms.ChoiceField(label="取消しの範囲", choices=Revocation.Scope.choices, widget=forms.RadioSelect)
    revoked_yen = YenField(
        label="取り消す額（円）", required=False, help_text="一部を取り消すときに入力します。全部のときは空欄にします。"
    )
    ground = forms.ChoiceField(label="取消しの事由", choices=Revocation.Ground.choices, widget=forms.RadioSelect)
    facts = forms.CharField(
        label="事実の内容", widget=forms.Textarea(attrs={"rows": 5}), help_text="通知書（D-22）に記載します。"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("scope") == Revocation.Scope.PART and not cleaned.get("revoked_yen"):
            self.add_error("revoked_yen", "一部を取り消すときは、取り消す額を入力してください。")
        if cleaned.get("scope") == Revocation.Scope.WHOLE and cleaned.get("revoked_yen"):
            self.add_error("revoked_yen", "全部を取り消すときは、額を空欄にしてください。")
        return cleaned


class HearingForm(forms.Form):
    """弁明: when, who, what was said; or why nobody was heard."""

    held_on = DayField(label="弁明を聴いた日", required=False, help_text=EXAMPLE_DAY)
    who = forms.CharField(label="弁明した人", required=False, max_length=200, help_text="所属・職・氏名")
    statement = forms.CharField(label="弁明の内容", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    waived = forms.CharField(
        label="弁明の機会を設けない理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="弁明を聴かないときだけ、10字以上で書きます。",
    )


class AnswerForm(forms.Form):
    """決裁・差戻し・合議: the words that go with it."""

    answer = forms.CharField(label="意見・理由", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """返還命令: the last day, the reason, what is added."""

    due_on = DayField(label="返納の期限", help_text=EXAMPLE_DAY)
    reason = forms.CharField(
        label="返還の理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="空欄なら、取消しの事由または「確定額を超えて支払われた額」と記載します。",
    )
    addition_yen = YenField(
        label="加算金（円）", required=False, help_text="空欄なら、返納の期限の日までの参考計算の額とします。"
    )
    addition_reason = forms.CharField(
        label="参考計算と異なる額にする理由", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(forms.Form):
    """再確定: the amounts that hold now, and why."""

    eligible_yen = YenField(label="認める対象額（円）")
    other_income_yen = YenField(label="その他の収入（円）")
    reason = forms.CharField(
        label="再確定の理由", widget=forms.Textarea(attrs={"rows": 3}), help_text="通知書（D-20）に記載します。"
    )


class ConcludeForm(forms.Form):
    """所見の結論."""

    conclusion = forms.ChoiceField(label="結論", choices=Finding.Conclusion.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="結論の理由", widget=forms.Textarea(attrs={"rows": 2}))


class PaidOnForm(forms.Form):
    """納付の記録."""

    paid_on = DayField(label="納付日", help_text=EXAMPLE_DAY)


class LateForm(forms.Form):
    """延滞金."""

    late_yen = YenField(label="延滞金（円）")
    reason = forms.CharField(
        label="参考計算と異なる額にする理由", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
