"""Reading the stage of several fields of a region at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from common.form_fields import DayField

from ..models import Field, StageAssessment
from ..services import ReadingDraft
from ..stage_matrix import Reading
from .base import Form

Track = StageAssessment.Track


@dataclass(frozen=True)
class StageLine:
    """One field on one track: what was read last, and the boxes for a new reading."""

    field: Field
    track: str
    reading: Reading | None
    stage: BoundField
    evidence: BoundField


class StagesForm(Form):
    """The stage (`stage-<field>-<track>`) and what it rests on (`evidence-…`); what is left empty stays as it is."""

    assessed_on = DayField(label="評価日", help_text="例：令和8年10月1日")

    def __init__(
        self, *args: Any, policy_fields: list[Field], latest: dict[tuple[str, str], Reading | None], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy_fields, self.latest = policy_fields, latest
        choices = [("", "変えない"), *((str(stage), f"第{stage}段階") for stage in StageAssessment.STAGES)]
        for field in policy_fields:
            for track in Track:
                name, where = f"{field.pk}-{track.value}", f"{field.name}（{track.label}）"
                self.fields[f"stage-{name}"] = forms.TypedChoiceField(
                    label=f"{where}のステージ", choices=choices, required=False, coerce=int, empty_value=None
                )
                self.fields[f"evidence-{name}"] = forms.CharField(
                    label=f"{where}の根拠", required=False, widget=forms.Textarea(attrs={"rows": 2, "cols": 40})
                )

    def lines(self) -> Iterator[StageLine]:
        """Each field on each track, in the order of the fields."""
        for field in self.policy_fields:
            for track in Track:
                name = f"{field.pk}-{track.value}"
                reading = self.latest.get((field.pk, track.value))
                yield StageLine(field, track.label, reading, self[f"stage-{name}"], self[f"evidence-{name}"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for line in self.lines():
            stage, evidence = typed.get(line.stage.name), typed.get(line.evidence.name)
            if stage and not evidence:
                self.add_error(line.evidence.name, "根拠を入力してください。")
            if evidence and not stage:
                self.add_error(line.stage.name, "ステージを選んでください。")
        return typed

    @property
    def drafts(self) -> list[ReadingDraft]:
        """The readings that were given, for the service."""
        typed = self.cleaned_data
        return [
            ReadingDraft(field.pk, track.value, typed[f"stage-{name}"], typed[f"evidence-{name}"])
            for field in self.policy_fields
            for track in Track
            if typed.get(f"stage-{(name := f'{field.pk}-{track.value}')}")
        ]
