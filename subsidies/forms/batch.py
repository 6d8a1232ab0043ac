"""What reviewers give for all applications of a batch; each form answers with JSON values."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from common import clock
from common.form_fields import DayField

from ..models import Batch, CorrectionItem
from .decision import ACTS as DISPOSITIONS
from .decision import GRANT_PLAN
from .review import DAY_HINT


class BatchForm(forms.Form):
    """Nothing is asked."""

    def parameters(self) -> dict[str, Any]:
        """What was given, as JSON keeps it."""
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in self.cleaned_data.items()
        }


class ReceiveBatch(BatchForm):
    received_on = DayField(label="受付日", help_text=DAY_HINT, initial=clock.today)

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("受付日は本日以前の日にしてください。")
        return day


class ReturnBatch(BatchForm):
    target = forms.ChoiceField(label="箇所", choices=CorrectionItem.Target.choices)
    items = forms.CharField(
        label="直していただきたいこと",
        help_text="1行に1項目。選んだ申請すべてに同じ項目を送ります。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    due_on = DayField(label="補正の期限", help_text=DAY_HINT, initial=lambda: clock.today() + timedelta(days=14))
    message = forms.CharField(label="伝えること", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class DraftBatch(BatchForm):
    act = forms.ChoiceField(label="処分", choices=DISPOSITIONS, widget=forms.RadioSelect, initial=DISPOSITIONS[0][0])
    plan = forms.CharField(
        label="処分の案と理由",
        initial=GRANT_PLAN,
        help_text="交付の額は、申請ごとにルールと採用した配分案から決まります。不交付のときは、理由が通知書に載ります。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    conditions = forms.CharField(
        label="付ける条件", required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="1行に1つ書きます。"
    )


class ApproveBatch(BatchForm):
    act = forms.ChoiceField(label="決裁する処分", choices=DISPOSITIONS, widget=forms.RadioSelect,
                            initial=DISPOSITIONS[0][0])  # fmt: skip
    comment = forms.CharField(label="意見", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PayBatch(BatchForm):
    paid_on = DayField(label="支払日", help_text=DAY_HINT, initial=clock.today)

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise forms.ValidationError("支払日は本日以前の日にしてください。")
        return day


FORMS: dict[str, type[BatchForm]] = {
    Batch.Act.RECEIVE: ReceiveBatch,
    Batch.Act.FORWARD: BatchForm,
    Batch.Act.RETURN: ReturnBatch,
    Batch.Act.DRAFT: DraftBatch,
    Batch.Act.APPROVE: ApproveBatch,
    Batch.Act.PAY: PayBatch,
}
