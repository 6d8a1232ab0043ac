"""An initiative of a region: what it is, its new name from a year on, its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from common.form_fields import FiscalYearField
from municipalities.models import Municipality

from ..models import Project
from ..services import ProjectDraft
from ..services.projects import CLOSING, draft_of
from .base import Form, field_choices, town_choices


class ProjectForm(Form):
    """What the initiative is; the name is typed only for a new one and changes by its own form."""

    name = forms.CharField(label="取組の名称", max_length=80)
    main_field = forms.ChoiceField(label="主な分野", required=False)
    fields_also = forms.MultipleChoiceField(label="ほかの分野", required=False, widget=forms.CheckboxSelectMultiple)
    outline = forms.CharField(label="概要", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    secretariat = forms.ChoiceField(label="事務局市町村", required=False)
    participants = forms.MultipleChoiceField(
        label="参加市町村",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばないときは、構成市町村の全てとします",
    )
    from_fy = FiscalYearField(label="開始年度", help_text="例：R8")
    to_fy = FiscalYearField(label="終了年度", required=False, help_text="決まっていなければ空欄")
    self_running_plan = forms.CharField(
        label="自走化の見通し",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="支援が終わったあと、だれがどの財源で続けるか",
    )

    def __init__(
        self, *args: Any, towns: Sequence[Municipality], project: Project | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["main_field"].choices = field_choices(blank=True)
        self.fields["fields_also"].choices = field_choices()
        self.fields["secretariat"].choices = town_choices(towns, blank="（決めていない）")
        self.fields["participants"].choices = town_choices(towns)
        if project is not None:
            del self.fields["name"]

    @staticmethod
    def initial_of(project: Project) -> dict[str, Any]:
        """What the form shows of an initiative that is there already."""
        draft = draft_of(project)
        names = ("main_field", "outline", "secretariat", "from_fy", "to_fy", "self_running_plan")
        return {name: getattr(draft, name) for name in names} | {
            "fields_also": [code for code in draft.fields if code != draft.main_field],
            "participants": list(draft.participants),
        }

    @property
    def draft(self) -> ProjectDraft:
        """What was typed, for the service."""
        typed = dict(self.cleaned_data)
        also, towns = typed.pop("fields_also"), typed.pop("participants")
        name = typed.pop("name", None) or (self.project.name if self.project else "")
        return ProjectDraft(name=name, fields=tuple(also), participants=tuple(towns), **typed)


class ProjectRenameForm(Form):
    """The new name and the year from which it counts."""

    name = forms.CharField(label="新しい名称", max_length=80)
    from_fy = FiscalYearField(label="いつから", help_text="例：R8。それより前の年度には、いまの名称が残ります")


class ProjectCloseForm(Form):
    """How it goes on or ends, and why."""

    state = forms.ChoiceField(label="どうするか", widget=forms.RadioSelect)
    to_fy = FiscalYearField(label="最後の年度", help_text="自走のときは、支援を受けた最後の年度。例：R8")
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            Project.State.ENDED: "終了（やめる）",
            Project.State.SELF_RUNNING: "自走（支援なしで続ける）",
            Project.State.MERGED: "統合（ほかの取組に入れる）",
        }
        self.fields["state"].choices = [(str(state), words[state]) for state in CLOSING]
