"""What an approver gives with a delegation (代理入力の委任), and the words that go with the end of typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from common import clock
from common.fiscal_year import FiscalYear
from common.form_fields import DayField
from regions.models import Region

from ..models import Application

DAY_HINT = "例：令和8年12月1日、R8.12.1"
ALL = "all"


class DelegationForm(forms.Form):
    """Which drafts, from when to when, and why. `scope` is `all`, `region:CODE` or `application:ID`."""

    scope = forms.ChoiceField(
        label="委任する範囲",
        widget=forms.RadioSelect,
        error_messages={"required": "委任する範囲を選んでください。"},
    )
    from_on = DayField(label="開始日", help_text=DAY_HINT, error_messages={"required": "開始日を入力してください。"})
    to_on = DayField(
        label="終了日",
        help_text="この日まで入力できます。途中でいつでも取り消せます",
        error_messages={"required": "終了日を入力してください。"},
    )
    reason = forms.CharField(
        label="理由",
        help_text="例：担当者が一人で、経費の積算に手が回らないため",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "委任する理由を入力してください。"},
    )
    confirmed = forms.BooleanField(
        label="振興局の審査担当が、作成中の申請書を見て、代わりに入力することを確かめました",
        error_messages={"required": "内容を確かめて、チェックを付けてください。"},
    )

    def __init__(
        self, *args: Any, town: str, regions: Sequence[Region], drafts: Sequence[Application], **kwargs: Any
    ) -> None:
        today = clock.today()
        start = {"from_on": today, "to_on": FiscalYear.of(today).last_day, "scope": ALL}
        super().__init__(*args, **{"initial": start} | kwargs)
        self.fields["scope"].choices = [
            (ALL, f"{town}が代表のすべての申請（これから作る申請を含みます）"),
            *((f"region:{region.pk}", f"{region.name}の申請だけ（これから作る申請を含みます）") for region in regions),
            *((f"application:{row.pk}", f"作成中の申請{row.number}（{row.region.name}）だけ") for row in drafts),
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What `delegations.grant` takes."""
        kind, _, name = self.cleaned_data["scope"].partition(":")
        return {
            "from_on": self.cleaned_data["from_on"],
            "to_on": self.cleaned_data["to_on"],
            "reason": self.cleaned_data["reason"],
            "region_code": name if kind == "region" else "",
            "application_id": int(name) if kind == "application" else None,
        }


class TypedForm(forms.Form):
    """What the bureau tells the town when it has typed everything."""

    note = forms.CharField(
        label="市町村への連絡",
        required=False,
        help_text="確かめてほしいところがあれば書いてください",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
