"""The filters of the list of municipalities, read from the address; what cannot be read narrows nothing."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.conf import settings

from common.form_fields import DayField

from .models import ActingHead, Bureau, Municipality, Prefecture

KINDS = [("", "すべて"), *((kind.value, kind.label) for kind in Municipality.Kind)]


class ListForm(forms.Form):
    """Filters as they stand in the address; `area` is a prefecture code or `all`, without any the own prefecture."""

    prefecture = forms.ChoiceField(label="都道府県", required=False)
    bureau = forms.ChoiceField(label="振興局", required=False)
    kind = forms.ChoiceField(label="種別", required=False, choices=KINDS)
    q = forms.CharField(
        label="市町村名・ふりがな・コード",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "size": 18}),
    )

    def __init__(self, data: Mapping[str, str]) -> None:
        asked = str(data.get("prefecture", ""))
        prefectures = list(Prefecture.objects.values_list("code", "name", "terms"))
        self.names = {code: name for code, name, _ in prefectures}
        self.area = asked if asked in self.names or asked == "all" else settings.PREFECTURE_CODE
        super().__init__(dict(data) | {"prefecture": self.area}, auto_id="list-%s")
        self.fields["prefecture"].choices = [*self.names.items(), ("all", "全国")]
        self.offices = list(Bureau.objects.filter(prefecture=self.area).values_list("code", "name"))
        if self.offices:
            self.fields["bureau"].choices = [("", "すべて"), *self.offices]
            terms = next(terms for code, _, terms in prefectures if code == self.area)
            self.fields["bureau"].label = terms.get("bureau", "出先機関")
        else:
            del self.fields["bureau"]

    @property
    def chosen(self) -> dict[str, str]:
        """Bureau, kind and words that were chosen; a value that is not offered counts as not chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("bureau", "kind", "q")}

    @property
    def place(self) -> str:
        """Whose municipalities these are: 北海道, 全国, 根室振興局."""
        whole = "全国" if self.area == "all" else self.names.get(self.area, "")
        return dict(self.offices).get(self.chosen["bureau"], whole)


class ActingHeadForm(forms.Form):
    """The office that acts for the mayor, and in which days."""

    reason = forms.ChoiceField(
        label="理由",
        choices=ActingHead.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "理由を選んでください。"},
    )
    title = forms.CharField(
        label="職務代理者の職名",
        max_length=20,
        help_text="例：副町長。個人の名前は登録しません",
        error_messages={"required": "職務代理者の職名を入力してください。"},
    )
    from_on = DayField(label="開始日", error_messages={"required": "開始日を入力してください。"})
    to_on = DayField(label="終了日", required=False, help_text="決まっていないときは空欄にします")


class ActingEndForm(forms.Form):
    """The last day on which the office acts."""

    to_on = DayField(label="終了日", error_messages={"required": "終了日を入力してください。"})
