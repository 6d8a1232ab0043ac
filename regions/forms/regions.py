"""A new region; its name, lead and end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from common.form_fields import DayField
from municipalities.models import Municipality

from ..models import Region
from ..services import RegionDraft
from .base import Form, TownNames, town_choices


class RegionForm(Form):
    """An idea of towns that want to work together. `near` are the towns offered as boxes, others are typed."""

    name = forms.CharField(label="地域の名称", max_length=60, help_text="例：南空知消防連携地域")
    members = forms.MultipleChoiceField(
        label="構成市町村", widget=forms.CheckboxSelectMultiple, required=False, help_text="同じ振興局の市町村"
    )
    lead = forms.ChoiceField(label="代表市町村", help_text="代表市町村を所管する振興局が、主管振興局になります。")
    secretariat = forms.ChoiceField(label="事務局市町村", required=False)
    hub = forms.ChoiceField(label="中心都市", required=False, help_text="中心都市型の場合だけ選びます。")
    start = DayField(label="構成の開始日", help_text="例：令和8年12月1日")
    note = forms.CharField(label="備考", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, near: list[Municipality], prefecture: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everyone = list(Municipality.objects.existing(on).filter(prefecture=prefecture).order_by("code"))
        self.fields["members"].choices = town_choices(near)
        self.fields["others"] = TownNames(
            label="ほかの構成市町村", required=False, prefecture=prefecture, on=on,
            help_text="市町村名か団体コードを「、」で区切って入力します。",
        )  # fmt: skip
        self.fields["lead"].choices = town_choices(everyone, blank="選択してください")
        self.fields["secretariat"].choices = town_choices(everyone, blank="代表市町村と同じ")
        self.fields["hub"].choices = town_choices(everyone, blank="なし（フラット型）")
        self.order_fields(["name", "members", "others", "lead", "secretariat", "hub", "start", "note"])

    def draft(self) -> RegionDraft:
        """What was typed, for the service."""
        typed = self.cleaned_data
        members = dict.fromkeys([*typed["members"], *typed["others"]])
        return RegionDraft(
            name=typed["name"],
            members=tuple(members),
            lead=typed["lead"],
            start=typed["start"],
            secretariat=typed["secretariat"],
            hub=typed["hub"],
            note=typed["note"],
        )


class RenameForm(Form):
    """A new name from a day on."""

    name = forms.CharField(label="新しい名称", max_length=60)
    valid_from = DayField(label="この日から", help_text="例：令和9年4月1日")


class LeadForm(Form):
    """Lead and secretariat among the members of today."""

    lead = forms.ChoiceField(label="代表市町村")
    secretariat = forms.ChoiceField(label="事務局市町村")

    def __init__(self, *args: Any, towns: list[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "secretariat"):
            self.fields[name].choices = town_choices(towns)


class CloseForm(Form):
    """Pause, end, or move to a national scheme, with the reason."""

    state = forms.ChoiceField(
        label="状態",
        choices=[
            (state.value, state.label) for state in (Region.State.PAUSED, Region.State.ENDED, Region.State.NATIONAL)
        ],
    )
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))
