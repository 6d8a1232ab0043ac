"""The inspection record (検査調書) as it is typed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from common.form_fields import DayField, YenField

from ..models import Inspection
from ..settling import Sums

POINTS = (
    "事業が交付決定の内容及び条件に従って実施されている。",
    "事業が交付決定の後に始まり、期間の内に完了している。",
    "実績報告書の金額が帳簿及び証拠書類と一致している。",
    "対象とならない経費が含まれていない。",
    "交付金のほかの収入がもれなく計上されている。",
    "帳簿及び証拠書類が整理され、保管されている。",
)


def points_of(terms: Mapping[str, Any]) -> Sequence[str]:
    """What an inspection looks at: the prefecture's own list (`terms["inspection_points"]`), else the usual one."""
    return tuple(terms.get("inspection_points", POINTS))


@dataclass(frozen=True)
class CheckRow:
    """The fields of one point."""

    text: str
    right: BoundField
    note: BoundField


class InspectionForm(forms.Form):
    """How, when and what was looked at, and which amounts are accepted. Amounts begin as they were reported."""

    method = forms.ChoiceField(
        label="検査の方法", choices=Inspection.Method.choices, widget=forms.RadioSelect, initial=Inspection.Method.DESK
    )
    held_on = DayField(label="検査日", error_messages={"required": "検査日を入力してください。"})
    sampled = forms.TypedMultipleChoiceField(
        label="確認した証拠書類", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    eligible_yen = YenField(label="認める対象額（円）")
    other_income_yen = YenField(label="その他の収入（円）")
    adjustment = forms.CharField(
        label="報告と異なる額を認める理由", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    findings = forms.CharField(label="所見", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, points: Sequence[str], lines: Collection[Any], sums: Sums, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points, self.sums = points, sums
        self.fields["sampled"].choices = [(row.cost.number, str(row.cost)) for row in lines]
        self.fields["eligible_yen"].initial = sums.eligible_yen
        self.fields["other_income_yen"].initial = sums.other_income_yen
        for place, text in enumerate(points, 1):
            self.fields[f"right_{place}"] = forms.ChoiceField(
                label=text, choices=[("yes", "適"), ("no", "否")], widget=forms.RadioSelect,
                error_messages={"required": f"事項{place}の適否を選んでください。"},
            )  # fmt: skip
            self.fields[f"note_{place}"] = forms.CharField(
                label=f"事項{place}の内容", max_length=200, required=False, widget=forms.TextInput(attrs={"size": 40})
            )

    @property
    def rows(self) -> Iterator[CheckRow]:
        for place, text in enumerate(self.points, 1):
            yield CheckRow(text, self[f"right_{place}"], self[f"note_{place}"])

    @property
    def own(self) -> list[BoundField]:
        """The fields below the points."""
        return [self[name] for name in ("eligible_yen", "other_income_yen", "adjustment", "findings")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(1, len(self.points) + 1):
            if cleaned.get(f"right_{place}") == "no" and not cleaned.get(f"note_{place}"):
                self.add_error(f"note_{place}", f"事項{place}が「否」の内容を書いてください。")
        reported = (self.sums.eligible_yen, self.sums.other_income_yen)
        accepted = (cleaned.get("eligible_yen"), cleaned.get("other_income_yen"))
        if None not in accepted and accepted != reported and not cleaned.get("adjustment"):
            self.add_error("adjustment", "報告と異なる額を認めるときは、理由を書いてください。")
        return cleaned

    @property
    def record(self) -> dict[str, Any]:
        """What was typed, for the service."""
        names = ("method", "held_on", "sampled", "eligible_yen", "other_income_yen", "adjustment", "findings")
        checks = [
            {
                "text": text,
                "ok": self.cleaned_data[f"right_{place}"] == "yes",
                "note": self.cleaned_data[f"note_{place}"],
            }
            for place, text in enumerate(self.points, 1)
        ]
        return {name: self.cleaned_data[name] for name in names} | {"checks": checks}
