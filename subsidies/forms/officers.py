"""Which field officers of the planner's own town write which initiative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from common.directory import Colleague

from ..models import ApplicationProject


class OfficersForm(forms.Form):
    """One row of ticks for each initiative; the items come with their assignees prefetched."""

    def __init__(
        self, data: Any, *, items: Sequence[ApplicationProject], officers: Sequence[Colleague], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.items = list(items)
        own = {officer.user_id for officer in officers}
        for item in self.items:
            self.fields[f"item-{item.pk}"] = forms.TypedMultipleChoiceField(
                label=item.project.name,
                required=False,
                coerce=int,
                choices=[(officer.user_id, officer.name) for officer in officers],
                initial=[user.pk for user in item.assignees.all() if user.pk in own],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": "一覧にある事業担当から選んでください。"},
            )

    @property
    def chosen(self) -> dict[int, list[int]]:
        """Item id → user ids, as `fieldwork.assign` takes it."""
        return {item.pk: list(self.cleaned_data[f"item-{item.pk}"]) for item in self.items}
