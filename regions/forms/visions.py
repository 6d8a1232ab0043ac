"""The usual term of a vision or plan; registering the vision of a national zone as the region's own (同等)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from common.fiscal_year import FiscalYear
from common.form_fields import FiscalYearField
from common.part_forms import Grid, StepForm

from ..models import Project, Region, Vision
from ..services import EquivalentDraft, ProjectDraft
from ..zone_shares import ZoneShare
from .base import Form, field_choices

USUAL_YEARS = 5


def default_term(today_fy: FiscalYear) -> dict[str, object]:
    """Five years from the present one, as a first proposal."""
    return {"term_from_fy": int(today_fy), "term_to_fy": int(today_fy) + USUAL_YEARS - 1}


class EquivalentForm(Form):
    """The zone and its vision; the initiatives that the region has already are ticked."""

    zone = forms.ChoiceField(label="圏域", widget=forms.RadioSelect)
    title = forms.CharField(label="圏域のビジョンの題名", max_length=120, help_text="例：南空知定住自立圏共生ビジョン")
    term_from_fy = FiscalYearField(label="期間（開始年度）", help_text="例：R8")
    term_to_fy = FiscalYearField(label="期間（終了年度）", help_text="例：R12")
    reference = forms.CharField(
        label="所在",
        max_length=200,
        required=False,
        help_text="公表しているページのアドレス、または文書番号。写しを添付するときは空欄で構いません",
    )
    copy = forms.FileField(label="圏域のビジョンの写し", required=False, help_text="PDF、Word、Excel など")
    projects = forms.MultipleChoiceField(
        label="このビジョンに載っている取組（登録済み）", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, shares: Sequence[ZoneShare], region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = [
            (one.zone.pk, f"{one.zone.name}（構成市町村{len(one.inside) + len(one.outside)}のうち{len(one.inside)}）")
            for one in shares
            if one.counts
        ]
        rows = region.projects.exclude(state=Project.State.MERGED)
        self.fields["projects"].choices = [(str(row.pk), row.name) for row in rows]
        if not self.fields["projects"].choices:
            del self.fields["projects"]


class NameRow(forms.Form):
    """A new initiative by its name."""

    name = forms.CharField(label="取組名", max_length=80, widget=forms.TextInput(attrs={"size": 40}))
    main_field = forms.ChoiceField(label="主な分野", required=False)

    def __init__(self, *args: Any, fields: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["main_field"].choices = fields


class EquivalentPage(StepForm):
    """Everything that the page holds: the form and the grid of new initiatives."""

    grids = ("names",)

    def __init__(
        self,
        region: Region,
        shares: Sequence[ZoneShare],
        vision: Vision | None = None,
        data: QueryDict | None = None,
        uploads: Any = None,
        more: str = "",
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.main = EquivalentForm(data, uploads, shares=shares, region=region, initial=initial or _initial(vision))
        self.names = Grid(
            "names",
            "新しい取組",
            NameRow,
            data=data,
            blank=10 if more == "names" else 4,
            fields=[("", ""), *field_choices()],
        )

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return self.main, self.names

    @property
    def draft(self) -> EquivalentDraft:
        """What was typed, for the service."""
        typed = self.main.cleaned_data
        return EquivalentDraft(
            zone=typed["zone"],
            title=typed["title"],
            term_from_fy=typed["term_from_fy"],
            term_to_fy=typed["term_to_fy"],
            reference=typed["reference"],
            projects=tuple(int(pk) for pk in typed.get("projects", [])),
            new=tuple(
                ProjectDraft(name=row["name"], from_fy=typed["term_from_fy"], main_field=row["main_field"])
                for row in self.names.cleaned
            ),
        )


def _initial(vision: Vision | None) -> dict[str, Any]:
    if vision is None:
        return {}
    return {
        "zone": vision.equivalent_zone_id,
        "title": vision.title,
        "term_from_fy": vision.term_from_fy,
        "term_to_fy": vision.term_to_fy,
        "reference": vision.reference,
        "projects": [str(pk) for pk in vision.items.values_list("project", flat=True)],
    }
