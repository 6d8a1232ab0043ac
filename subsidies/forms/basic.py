"""Step 1 of the wizard: what the application is about, when, and how the work goes on after support."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from common.fiscal_year import FiscalYear, wareki
from common.form_fields import DayField, YenField, YesNoField
from common.part_forms import Grid, StepForm
from regions.models import SubGroupDecision

from ..models import Application
from ..rules.ruleset import RuleSet
from ..rulesets import rules_of

Kind, Early = Application.ApplicantKind, Application.EarlyStart


class BasicForm(forms.Form):
    """Columns of the application itself; `must` marks what has to be there before consent is asked for."""

    title = forms.CharField(label="事業名", max_length=100, required=False, widget=forms.TextInput(attrs={"size": 44}))
    applicant_kind = forms.ChoiceField(label="申請主体", choices=Kind.choices, required=False)
    purpose = forms.CharField(
        label="目的",
        required=False,
        help_text="どの行政サービスを、なぜ一緒に守るのか。200字ほど",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    plan = forms.CharField(
        label="事業の内容",
        required=False,
        help_text="今年度に行うこと。取組ごとの内容は手順3に書きます",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    start_on = DayField(label="開始日", required=False)
    end_on = DayField(label="完了予定日", required=False)
    early_start = forms.ChoiceField(
        label="事前着手届",
        required=False,
        widget=forms.RadioSelect,
        help_text="交付決定の前に始める必要があるときに届け出ます",
    )
    cost_sharing_note = forms.CharField(
        label="費用負担・役割分担の考え方",
        required=False,
        help_text="負担の割合とその理由、取組ごとの事務局",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    self_running_plan = forms.CharField(
        label="支援が終わった後の見通し",
        required=False,
        help_text="支援の後、だれが、どの財源で続けるか",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    other_subsidy = YesNoField(
        label="同じ経費に、国や道の他の補助金を受ける予定", required=False, yes="ある", no="ない"
    )
    other_subsidy_note = forms.CharField(
        label="他の補助金の名称と内容", max_length=200, required=False, widget=forms.TextInput(attrs={"size": 44})
    )
    subgroup_record = forms.ChoiceField(
        label="部会の決定",
        required=False,
        help_text="大枠の協定の下で、一部の市町村だけで取り組むときに選びます。部会の名称と決定日は、登録済みの記録から入ります",
    )
    subgroup_name = forms.CharField(
        label="部会の名称",
        max_length=60,
        required=False,
        help_text="大枠の協定の下で、一部の市町村だけで取り組むときに書きます。連携地域の「部会」に決定を登録すると、ここで選べます",
    )
    subgroup_decided_on = DayField(label="部会で決定した日", required=False)

    must = ("title", "purpose", "start_on", "end_on", "other_subsidy")

    def __init__(self, *args: Any, application: Application, rules: RuleSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        choices = [Early.NONE, Early.FILED]
        if application.early_start == Early.APPROVED:
            choices = [Early.APPROVED]
        self.fields["early_start"].choices = [(item.value, item.label) for item in choices]
        self.fields[
            "start_on"
        ].help_text = f"交付決定の見込（{_day(application)}）以後の日。例：令和8年12月1日、2026/12/1"
        self.fields["end_on"].help_text = f"{FiscalYear(application.fiscal_year).wareki}の末日（3月31日）まで"
        self._offer_records(framework=rules.value("agreement") == "framework")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start_on, end_on = cleaned.get("start_on"), cleaned.get("end_on")
        if start_on and end_on and end_on < start_on:
            self.add_error("end_on", "開始日より後の日にしてください。")
        if cleaned.get("other_subsidy") is False and cleaned.get("other_subsidy_note", "").strip():
            self.add_error("other_subsidy_note", "「ない」を選んだときは空欄にしてください。")
        if "subgroup_record" in self.fields and "subgroup_record" not in self.errors:
            group = self.records.get(cleaned.pop("subgroup_record"))
            cleaned["subgroup_name"], cleaned["subgroup_decided_on"] = group or ("", None)
        for name in ("applicant_kind", "early_start"):
            cleaned[name] = cleaned.get(name) or getattr(self.application, name)
        return cleaned

    def _offer_records(self, *, framework: bool) -> None:
        """Under a framework agreement: the recorded decisions of the region's sub-groups to choose from (N-04).

        A region without any types name and day; what was typed before stays a choice.
        """
        self.records: dict[str, tuple[str, date | None]] = {}
        decisions = SubGroupDecision.objects.filter(group__region=self.application.region_id).select_related("group")
        typed = self.application.subgroup_name, self.application.subgroup_decided_on
        choices = [("", "部会では取り組まない")]
        for decision in decisions if framework else ():
            self.records[str(decision.pk)] = decision.group.name, decision.decided_on
            day = wareki(decision.decided_on)
            choices.append((str(decision.pk), f"{decision.group.name}　{day}決定「{decision.title}」"))
        if not framework or self.records:
            del self.fields["subgroup_name"], self.fields["subgroup_decided_on"]
        if not self.records:
            del self.fields["subgroup_record"]
            return
        if typed[0] and typed not in self.records.values():
            self.records["typed"] = typed
            choices.append(("typed", f"{typed[0]}（登録された記録なし）"))
        self.fields["subgroup_record"].choices = choices
        self.initial["subgroup_record"] = next((key for key, one in self.records.items() if one == typed), "")


class SelfRunningForm(forms.Form):
    """Who pays after support ends: for each member its funding, and what it expects to pay year by year."""

    def __init__(self, *args: Any, application: Application, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = [FiscalYear(year) for year in years]
        self.members = [part.municipality for part in application.parts.all()]
        lines = list(application.self_running_lines.all())
        for town in self.members:
            own = [line for line in lines if line.member_id == town.code]
            self.fields[f"funding_{town.code}"] = forms.CharField(
                label=f"{town.name}の財源",
                max_length=100,
                required=False,
                initial=next((line.funding for line in own), ""),
            )
            for year in self.years:
                self.fields[f"running_{town.code}_{int(year)}"] = YenField(
                    label=f"{town.name}の{year.wareki}の見込額",
                    required=False,
                    initial=next((line.amount_yen for line in own if line.fiscal_year == year), None),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for town in self.members:
            amounts = [cleaned.get(f"running_{town.code}_{int(year)}") for year in self.years]
            if any(amount is not None for amount in amounts) and not cleaned.get(f"funding_{town.code}"):
                self.add_error(f"funding_{town.code}", "見込額があるときは、財源を書いてください。")
        return cleaned

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The table: one row a member with its fields."""
        for town in self.members:
            yield {
                "town": town,
                "funding": self[f"funding_{town.code}"],
                "amounts": [self[f"running_{town.code}_{int(year)}"] for year in self.years],
            }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was typed as lines for the service; a funding without amounts holds for every year."""
        found = []
        for town in self.members:
            funding = self.cleaned_data[f"funding_{town.code}"]
            amounts = {int(year): self.cleaned_data[f"running_{town.code}_{int(year)}"] for year in self.years}
            given = {year: yen for year, yen in amounts.items() if yen is not None} or amounts
            found += [
                {"member_id": town.code, "fiscal_year": year, "funding": funding, "amount_yen": yen}
                for year, yen in given.items()
                if funding
            ]
        return found


class BasicStep(StepForm):
    """Step 1; the funding table is asked for where the ruleset makes the self-running plan a requirement."""

    partial = True

    def __init__(self, application: Application, data: QueryDict | None = None) -> None:
        rules = rules_of(application.call.ruleset)
        stored = BasicForm.base_fields.keys() - {"subgroup_record"}
        initial = {name: getattr(application, name) for name in stored}
        self.basic = BasicForm(data, initial=initial, application=application, rules=rules)
        self.running: SelfRunningForm | None = None
        if rules.value("self_running_plan") == "required":
            first = application.fiscal_year + 1
            years = list(range(first, first + int(rules.value("follow_up_years"))))
            self.running = SelfRunningForm(data, application=application, years=years)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        return (self.basic, self.running) if self.running else (self.basic,)

    @property
    def values(self) -> dict[str, Any]:
        """The valid columns; a field with an error keeps what is stored."""
        return dict(self.basic.cleaned_data)

    @property
    def self_running(self) -> list[dict[str, Any]] | None:
        return self.running.lines if self.running and self.running.is_valid() else None


def _day(application: Application) -> str:
    day = application.call.decision_expected_on
    return f"{day.month}月{day.day}日" if day else "未定"
