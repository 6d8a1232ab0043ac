"""Beginning an application: which region, empty or from an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from regions.models import Region

from ..models import Application


class StartForm(forms.Form):
    """Region and, where there are any, the earlier application to copy."""

    region = forms.ChoiceField(
        label="連携地域",
        widget=forms.RadioSelect,
        error_messages={"required": "連携地域を選んでください。"},
    )
    copy_from = forms.TypedChoiceField(
        label="内容",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text="複写すると、目的・取組・経費・分担を引き継ぎます。日付・同意・誓約は新しく入力します。",
    )

    def __init__(self, *args: Any, regions: Sequence[Region], earlier: Sequence[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [(region.pk, region.name) for region in regions]
        copies = [(old.pk, f"{old.region.name}　{old.number}「{old.title}」を複写する") for old in earlier]
        self.fields["copy_from"].choices = [("", "空の申請書から始める"), *copies]
        self.regions = {old.pk: old.region_id for old in earlier}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        copied = cleaned.get("copy_from")
        if copied and cleaned.get("region") and self.regions[copied] != cleaned["region"]:
            self.add_error("copy_from", "選んだ連携地域の申請を選んでください。")
        return cleaned
