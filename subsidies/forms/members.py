"""Step 2 of the wizard: who takes part, and who leads."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import QueryDict

from common.part_forms import Grid, Problem, StepForm

from ..models import Application
from ..picking import Choice


class MembersForm(forms.Form):
    """Ticked municipalities and the lead among them."""

    member = forms.MultipleChoiceField(label="構成市町村", required=False, widget=forms.CheckboxSelectMultiple)
    lead = forms.ChoiceField(
        label="代表の市町村",
        required=False,
        help_text="申請・報告・請求をまとめて行います。取組ごとの事務局は次の手順で分けられます。",
    )


class MembersStep(StepForm):
    """Step 2. The lead is chosen among the ticked; a tick that is gone takes its lead with it."""

    sets = ("member",)

    def __init__(self, application: Application, choice: Choice, data: QueryDict | None = None) -> None:
        codes = [part.municipality_id for part in application.parts.all()]
        self.members = MembersForm(data, initial={"member": codes, "lead": application.lead_id})
        names = {code: town.name for code, town in choice.towns.items()}
        self.members.fields["member"].choices = list(names.items())
        self.members.fields["member"].error_messages["invalid_choice"] = (
            "選べない市町村が含まれています。一覧から選び直してください。"
        )
        ticked = data.getlist("member") if data is not None else codes
        self.members.fields["lead"].choices = [(code, name) for code, name in names.items() if code in ticked]
        self.members.fields["lead"].error_messages["invalid_choice"] = (
            "代表の市町村は、選んだ市町村の中から選んでください。"
        )
        self.ticked = [code for code in names if code in ticked]

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.members,)

    def further_problems(self) -> Iterator[Problem]:
        if self.members.is_bound and not self.members.errors and not self.lead:
            yield Problem("代表の市町村を選んでください。", "id_lead", "lead")

    @property
    def codes(self) -> list[str]:
        return list(self.members.cleaned_data["member"])

    @property
    def lead(self) -> str:
        return str(self.members.cleaned_data.get("lead", ""))
