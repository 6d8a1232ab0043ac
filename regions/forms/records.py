"""What headquarters keeps about national schemes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common.form_fields import DayField

from ..models import HubDesignation, ZoneStatusOverride
from .base import Form, TownNames

REASON = forms.Textarea(attrs={"rows": 2})


class _TownForm(Form):
    """A form about one municipality, typed by name or code."""

    def __init__(self, *args: Any, prefecture: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"] = TownNames(
            label="市町村", prefecture=prefecture, on=on, help_text="市町村名か団体コード（6桁）", max_length=20
        )
        self.fields["town"].widget.attrs["size"] = 14
        self.order_fields(["town"])

    def clean_town(self) -> str:
        """Return the 6-digit code of exactly one municipality."""
        codes = self.cleaned_data["town"]
        if len(codes) != 1:
            raise forms.ValidationError("市町村を1つだけ入力してください。")
        return str(codes[0])


class HubForm(_TownForm):
    """A hub named in a prefectural plan."""

    plan = forms.CharField(label="計画名", max_length=60)
    kind = forms.ChoiceField(label="区分", choices=HubDesignation.KINDS)
    valid_from = DayField(label="開始日", required=False)


class UndeclaredHubForm(_TownForm):
    """A city that meets the hub conditions without having declared."""

    valid_from = DayField(label="開始日")
    valid_to = DayField(label="終了日", required=False)
    reason = forms.CharField(label="根拠", widget=REASON)


class OverrideForm(_TownForm):
    """The status set by hand."""

    status = forms.ChoiceField(label="国制度の状況", choices=ZoneStatusOverride.Status.choices)
    valid_from = DayField(label="開始日")
    valid_to = DayField(label="終了日", required=False)
    reason = forms.CharField(label="理由", widget=REASON)
