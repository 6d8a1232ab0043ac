"""情報公開用の書き出し: which cases, for what, with or without papers 庁内限り."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from common.viewer import Viewer

from ..models import Application


class DisclosureForm(forms.Form):
    """What is to be disclosed; the numbers of applications are typed or come from the page of one."""

    numbers = forms.CharField(
        label="申請番号",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="2件以上は、改行か読点で区切ります。",
    )
    reason = forms.CharField(label="請求の内容と目的", widget=forms.Textarea(attrs={"rows": 3}))
    with_internal = forms.BooleanField(label="庁内限りの文書と記録を含める", required=False)
    internal_reason = forms.CharField(
        label="庁内限りの文書を含める理由", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self._viewer = viewer

    def clean_numbers(self) -> list[int]:
        """The ids of the cases. Raises ValidationError with every number that no visible case has."""
        wanted = list(dict.fromkeys(part for part in re.split(r"[\s,、，]+", self.cleaned_data["numbers"]) if part))
        visible = Application.objects.visible_to(self._viewer).filter(erased_on=None)
        found = dict(visible.filter(number__in=wanted).values_list("number", "pk"))
        if unknown := [number for number in wanted if number not in found]:
            raise forms.ValidationError(f"申請番号が見つかりません：{'、'.join(unknown)}")
        return [found[number] for number in wanted]
