"""What the lead, the decider and accounting type about money."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common import clock
from common.form_fields import DayField, YenField
from common.yen import show_yen

from ..models import Payment
from ..services.payments import ClaimInput
from .review import DAY_HINT


class ClaimForm(forms.Form):
    """A claim; the amount of a final one follows from the fixed amount and is not asked for."""

    amount_yen = YenField(label="請求額（円）")
    reason = forms.CharField(
        label="概算払を必要とする理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="請求書に記載されます。例：年度当初に会場の使用料を払うため。",
        error_messages={"required": "概算払を必要とする理由を入力してください。"},
    )
    document_no = forms.CharField(
        label="請求文書の番号", required=False, max_length=40, help_text="代表市町村の文書番号。例：企第210号"
    )
    creditor_no = forms.CharField(
        label="債権者番号",
        required=False,
        max_length=20,
        help_text="会計システムに登録された番号。口座番号は入力しないでください。",
    )

    def __init__(self, data: Any, *, kind: str, most_yen: int, draft: Payment | None, creditor_no: str = "") -> None:
        initial: dict[str, Any] = {"creditor_no": creditor_no}
        if draft is not None:
            initial = {name: getattr(draft, name) for name in ("amount_yen", "reason", "document_no", "creditor_no")}
        super().__init__(data, initial=initial)
        self.final_yen = most_yen if kind == Payment.Kind.FINAL else None
        if self.final_yen is not None:
            del self.fields["amount_yen"], self.fields["reason"]
        else:
            self.fields["amount_yen"].help_text = f"{show_yen(most_yen)}円まで請求できます。"

    def values(self) -> ClaimInput:
        """What was typed, as the service takes it."""
        given = self.cleaned_data
        amount = given["amount_yen"] if self.final_yen is None else self.final_yen
        return ClaimInput(amount, given.get("reason", ""), given["document_no"], given["creditor_no"])


class AnswerClaimForm(forms.Form):
    """Why a claim is not approved."""

    reason = forms.CharField(
        label="承認しない理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="代表市町村に伝わります。",
        error_messages={"required": "承認しない理由を入力してください。"},
    )


class PaidForm(forms.Form):
    """The day on which money went out or came back."""

    paid_on = DayField(label="支払日", help_text=DAY_HINT)

    def __init__(self, data: Any = None, *, back: bool = False) -> None:
        super().__init__(data, initial={"paid_on": clock.today()})
        if back:
            self.fields["paid_on"].label = "納付日"

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise forms.ValidationError("将来の日は指定できません。")
        return day
