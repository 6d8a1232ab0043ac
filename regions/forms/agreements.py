"""One version of an agreement, and a member's consent to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common.form_fields import DayField
from municipalities.models import Municipality

from ..models import Agreement
from ..services import AgreementDraft
from .base import Form, TownNames, field_choices, town_choices

LONG = forms.Textarea(attrs={"rows": 4})


class AgreementForm(Form):
    """The text of an agreement and who is bound by it."""

    title = forms.CharField(label="題名", max_length=120, help_text="例：○○連携地域に関する協定")
    parties = forms.MultipleChoiceField(
        label="当事者（いまの構成市町村）",
        widget=forms.CheckboxSelectMultiple,
        help_text="抜ける市町村は選択を外します。",
    )
    purpose = forms.CharField(label="目的", widget=LONG)
    basic_policy = forms.CharField(label="基本方針", widget=LONG, required=False)
    fields_covered = forms.MultipleChoiceField(
        label="対象分野", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="選ばない場合は、すべての分野を対象とする協定です。",
    )  # fmt: skip
    cost_sharing = forms.CharField(label="費用負担", widget=LONG, required=False)
    change_clause = forms.CharField(label="変更・廃止", widget=LONG, required=False)
    term = forms.CharField(label="有効期間", max_length=120, required=False)
    framework = forms.BooleanField(label="大枠の協定とし、個々の取組は部会で決める", required=False)
    witness = forms.CharField(label="立会人", max_length=120, required=False)
    in_force_on = DayField(
        label="効力発生日", required=False, help_text="空欄の場合は、最後の市町村が同意した日に効力が生じます。"
    )

    def __init__(self, *args: Any, towns: list[Municipality], prefecture: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parties"].choices = town_choices(towns)
        self.fields["newcomers"] = TownNames(
            label="新たに加わる市町村", required=False, prefecture=prefecture, on=on,
            help_text="市町村名か団体コードを「、」で区切って入力します。",
        )  # fmt: skip
        self.fields["fields_covered"].choices = field_choices()
        self.order_fields(["title", "parties", "newcomers"])

    @classmethod
    def initial_of(cls, agreement: Agreement, members: list[str]) -> dict[str, Any]:
        """What the form shows of a version that is there already."""
        parties = list(agreement.consents.values_list("municipality", "municipality__name"))
        texts = ("title", "purpose", "basic_policy", "cost_sharing", "change_clause", "term", "witness", "framework")
        return {name: getattr(agreement, name) for name in (*texts, "in_force_on")} | {
            "parties": [code for code, _ in parties if code in members],
            "newcomers": "、".join(name for code, name in parties if code not in members),
            "fields_covered": list(agreement.fields.values_list("pk", flat=True)),
        }

    def draft(self) -> AgreementDraft:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        parties = dict.fromkeys([*typed.pop("parties"), *typed.pop("newcomers")])
        return AgreementDraft(fields=tuple(typed.pop("fields_covered")), parties=tuple(parties), **typed)


class ConsentForm(Form):
    """The consent of one's own municipality."""

    agreed_on = DayField(label="同意日", help_text="例：令和8年11月20日")
    document_no = forms.CharField(label="文書番号", max_length=40, help_text="例：長企第123号")
    needs_council = forms.BooleanField(label="議会の議決を要する", required=False)
    council_resolved_on = DayField(label="議決日", required=False, help_text="議決がまだの場合は空欄にします。")


class ReasonForm(Form):
    """A reason in words."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))


class DayForm(Form):
    """A day: of adoption, of receipt."""

    day = DayField(label="日")

    def __init__(self, *args: Any, label: str = "日", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = label
