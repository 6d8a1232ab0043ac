"""Step 3 of the wizard: which initiatives of the region, and what they do this year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from common.part_forms import Grid, StepForm
from regions.models import Field
from regions.services import ProjectDraft

from ..initiatives import Listed
from ..models import Application


class ItemsForm(forms.Form):
    """For each initiative of the region: asked for or not, this year's content, scale.

    What the vision says of an initiative that is not asked for yet stands there as the first text.
    """

    def __init__(self, *args: Any, application: Application, listed: Sequence[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = [one.project for one in listed]
        asked = {item.project_id: item for item in application.items.all()}
        for one in listed:
            project, item = one.project, asked.get(one.project.pk)
            proposed = one.proposal.text if one.proposal else ""
            self.fields[f"use_{project.pk}"] = forms.BooleanField(
                label=f"「{project.name}」を申請する", required=False, initial=item is not None
            )
            self.fields[f"content_{project.pk}"] = forms.CharField(
                label=f"「{project.name}」の今年度の内容",
                required=False,
                initial=item.content if item else proposed,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            self.fields[f"scale_{project.pk}"] = forms.CharField(
                label=f"「{project.name}」の規模・回数",
                required=False,
                max_length=200,
                initial=item.scale if item else "",
                widget=forms.TextInput(attrs={"size": 30}),
            )

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """One row an initiative with its fields."""
        for project in self.projects:
            yield {
                "project": project,
                "use": self[f"use_{project.pk}"],
                "content": self[f"content_{project.pk}"],
                "scale": self[f"scale_{project.pk}"],
            }


class ProjectStep(StepForm):
    """Step 3."""

    def __init__(self, application: Application, listed: Sequence[Listed], data: QueryDict | None = None) -> None:
        self.items = ItemsForm(data, application=application, listed=listed)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.items,)

    @property
    def values(self) -> list[dict[str, Any]]:
        """What was typed about the chosen initiatives, for the service."""
        cleaned = self.items.cleaned_data
        return [
            {
                "project": project.pk,
                "content": cleaned[f"content_{project.pk}"],
                "scale": cleaned[f"scale_{project.pk}"],
            }
            for project in self.items.projects
            if cleaned[f"use_{project.pk}"]
        ]


class NewInitiativeForm(forms.Form):
    """An initiative that the region does not have yet."""

    name = forms.CharField(label="取組の名称", max_length=80, widget=forms.TextInput(attrs={"size": 40}))
    main_field = forms.ChoiceField(label="主な分野")
    fields_also = forms.MultipleChoiceField(label="ほかの分野", required=False, widget=forms.CheckboxSelectMultiple)
    outline = forms.CharField(label="概要", widget=forms.Textarea(attrs={"rows": 3}))
    secretariat = forms.ChoiceField(label="事務局")

    def __init__(
        self,
        *args: Any,
        fields: Sequence[Field],
        eligible: Sequence[str],
        members: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(field.code, field.name if field.name in eligible else f"{field.name}（対象外）") for field in fields]
        self.fields["main_field"].choices = [("", "選んでください"), *named]
        self.fields["fields_also"].choices = named
        self.fields["secretariat"].choices = members

    def draft(self, fiscal_year: int) -> ProjectDraft:
        """What was typed, for the service of the regions."""
        cleaned = self.cleaned_data
        return ProjectDraft(
            name=cleaned["name"],
            from_fy=fiscal_year,
            main_field=cleaned["main_field"],
            fields=tuple(cleaned["fields_also"]),
            outline=cleaned["outline"],
            secretariat=cleaned["secretariat"],
        )
