"""What is typed about a change, a stop or a delay of a running grant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from common.fiscal_year import parse_day
from common.form_fields import DayField, YenField
from common.part_forms import Grid, Problem, StepForm
from common.yen import show_yen

from ..approved_plan import Plan, PlanCost, PlanIncome, PlanProject, PlanShare
from ..models import ChangeRequest, CostLine, IncomeLine
from ..services.changes import ChangeDraft, Consent

WIDE = {"size": 22}
Kind = ChangeRequest.Kind


@dataclass(frozen=True)
class Choice:
    """What a change may add: towns of the region (code, name) and its initiatives (id, name) not in the plan."""

    towns: Sequence[tuple[str, str]] = ()
    projects: Sequence[tuple[int, str]] = ()


def _words(label: str, rows: int = 3, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint, strip=True
    )


class ChangeText(forms.Form):
    """Day, amount, period and words of a change; `needed` is marked although a draft may leave it empty."""

    needed = ("effective_on", "grant_yen", "end_on", "reason")
    effective_on = DayField(label="変更の日", required=False, help_text="例：令和8年12月1日")
    grant_yen = YenField(label="変更後の交付額", required=False)
    end_on = DayField(
        label="完了予定日", required=False, help_text="年度の末日を過ぎる変更は「遅延等の報告」で届け出ます。"
    )
    document_no = forms.CharField(label="文書番号", required=False, max_length=40)
    reason = _words("変更の理由")
    text = _words("事業の内容（変更後）", 4)


class StopText(forms.Form):
    """中止・廃止."""

    needed = ("effective_on", "reason", "work_done", "spent_yen")
    effective_on = DayField(label="中止・廃止の日", required=False, help_text="例：令和8年12月1日")
    document_no = forms.CharField(label="文書番号", required=False, max_length=40)
    reason = _words("理由")
    work_done = _words("これまでに実施した内容", hint="実施していないときは「なし」と書いてください。")
    spent_yen = YenField(label="これまでに要した経費（円）", required=False)
    outlook = _words("今後の見通し")

    def name_act(self, act: str) -> None:
        """Say 中止 or 廃止, whichever it is; of a suspension the towns tell when they hope to resume."""
        self.fields["effective_on"].label = f"{act}の日"
        self.fields["reason"].label = f"{act}の理由"
        if act == Kind.SUSPEND.label:
            self.fields["outlook"].help_text = "再開の見込みを書いてください。"


class DelayText(forms.Form):
    """遅延等."""

    needed = ("end_on", "reason", "outlook")
    end_on = DayField(label="新しい完了予定日", required=False, help_text="例：令和9年3月20日")
    document_no = forms.CharField(label="文書番号", required=False, max_length=40)
    reason = _words("遅延等の理由")
    work_done = _words("これまでに実施した内容")
    spent_yen = YenField(label="これまでに要した経費（円）", required=False)
    outlook = _words("今後の見通し")


class ChangedCost(forms.Form):
    """One cost line as it would be; `number` ties it to the line of the plan, empty for a new one."""

    number = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    category = forms.ChoiceField(label="節", choices=[("", ""), *CostLine.Category.choices])
    description = forms.CharField(label="内容", max_length=200, widget=forms.TextInput(attrs=WIDE))
    amount_yen = YenField(label="金額（変更後）")
    eligible_yen = YenField(label="対象額（変更後）", required=False)
    project = forms.ChoiceField(label="取組", required=False)
    member = forms.ChoiceField(label="負担団体", required=False)

    def __init__(
        self, *args: Any, projects: list[tuple[str, str]], members: list[tuple[str, str]], before: Plan, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", "（共通）"), *projects]
        self.fields["member"].choices = [("", "（共同）"), *members]
        self._before = before

    @property
    def before(self) -> PlanCost | None:
        """The line as it counts now."""
        number = str(self["number"].value() or "")
        return self._before.cost(int(number)) if number.isdigit() else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        amount, eligible = cleaned.get("amount_yen"), cleaned.get("eligible_yen")
        if amount is not None and eligible is None:
            cleaned["eligible_yen"] = amount
        elif amount is not None and eligible is not None and eligible > amount:
            self.add_error("eligible_yen", f"金額{show_yen(amount)}円以下にしてください。")
        return cleaned


class ChangedIncome(forms.Form):
    """One line of income besides the grant."""

    number = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="区分", choices=[("", ""), *IncomeLine.Kind.choices])
    description = forms.CharField(label="内容", max_length=200, widget=forms.TextInput(attrs=WIDE))
    amount_yen = YenField(label="金額（変更後）")

    def __init__(self, *args: Any, before: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = before

    @property
    def before(self) -> PlanIncome | None:
        """The line as it counts now."""
        number = str(self["number"].value() or "")
        return next((line for line in self._before.incomes if str(line.number) == number), None)


class ChangedMembers(forms.Form):
    """Shares and burdens, who leaves or joins, and each member's consent as the lead states it."""

    def __init__(self, data: Any, *, change: ChangeRequest, before: Plan, after: Plan, choice: Choice) -> None:
        super().__init__(data)
        self.lead, self.choice, self._before = change.application.lead_id, choice, before
        names = {share.code: share.name for share in after.shares} | dict(choice.towns)
        now = {share.code: share for share in after.shares}
        self.codes = list(names)
        for code, name in names.items():
            share, told = now.get(code), change.consents.get(code, {})
            given = {"on": parse_day(told["on"]) if told.get("on") else None, "no": told.get("no", "")}
            self.fields[f"split_{code}"] = YenField(
                label=f"{name}の配分額", required=False, initial=share.split_yen if share else None
            )
            self.fields[f"burden_{code}"] = YenField(
                label=f"{name}の負担額", required=False, initial=share.burden_yen if share else None
            )
            moves = any(one.code == code for one in before.shares)
            self.fields[f"moves_{code}"] = DayField(
                label=f"{name}の{'脱退日' if moves else '加入日'}",
                required=False,
                initial=(share.until if moves else share.since) if share else None,
            )
            if not moves:
                self.fields[f"funding_{code}"] = forms.CharField(
                    label=f"{name}の支援終了後の財源", required=False, max_length=100,
                    initial=share.funding if share else "",
                )  # fmt: skip
            self.fields[f"on_{code}"] = DayField(label=f"{name}の同意の日", required=False, initial=given["on"])
            self.fields[f"no_{code}"] = forms.CharField(
                label=f"{name}の文書番号", required=False, max_length=40, initial=given["no"]
            )
        self._names, self._now = names, now

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """The table: those who take part, then those who may join."""
        known = {share.code: share for share in self._before.shares}
        for code in self.codes:
            yield {
                "name": self._names[code],
                "lead": code == self.lead,
                "joins": code not in known,
                "before": known.get(code),
                "funding": self[f"funding_{code}"] if code not in known else None,
                **{key: self[f"{key}_{code}"] for key in ("split", "burden", "moves", "on", "no")},
            }

    @property
    def shares(self) -> tuple[PlanShare, ...]:
        """What was typed; a town that may join takes part once its day is given."""
        known = {share.code: share for share in self._before.shares}
        found = []
        for code in self.codes:
            read = {key: self.cleaned_data.get(f"{key}_{code}") for key in ("split", "burden", "moves")}
            share = known.get(code) or PlanShare(
                code, self._names[code], 0, since=read["moves"], funding=self.cleaned_data.get(f"funding_{code}") or ""
            )
            if code in known:
                share = replace(share, until=read["moves"])
            if code in known or read["moves"]:
                found.append(replace(share, split_yen=read["split"] or 0, burden_yen=read["burden"] or 0))
        return tuple(found)

    @property
    def consents(self) -> dict[str, Consent]:
        return {
            code: Consent(self.cleaned_data.get(f"on_{code}"), self.cleaned_data.get(f"no_{code}") or "")
            for code in self.codes
        }


class ChangedProjects(forms.Form):
    """Which initiatives go on, and what is done in them."""

    def __init__(self, data: Any, *, before: Plan, after: Plan, choice: Choice) -> None:
        super().__init__(data)
        now = {project.id: project for project in after.projects}
        self._known = {project.id: project for project in before.projects}
        names = {one.id: one.name for one in before.projects} | dict(choice.projects)
        self.ids = list(names)
        for key, name in names.items():
            project = now.get(key)
            word = "続ける" if key in self._known else "加える"
            self.fields[f"keep_{key}"] = forms.BooleanField(
                label=f"「{name}」を{word}", required=False, initial=project is not None
            )
            self.fields[f"content_{key}"] = forms.CharField(
                label=f"「{name}」の内容",
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=project.content if project else "",
            )
        self._names = names

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        for key in self.ids:
            yield {
                "name": self._names[key],
                "new": key not in self._known,
                "keep": self[f"keep_{key}"],
                "content": self[f"content_{key}"],
            }

    @property
    def projects(self) -> tuple[PlanProject, ...]:
        return tuple(
            PlanProject(
                key,
                self._names[key],
                self.cleaned_data.get(f"content_{key}") or "",
                self._known[key].scale if key in self._known else "",
            )
            for key in self.ids
            if self.cleaned_data.get(f"keep_{key}")
        )


class ChangeForm(StepForm):
    """The whole form of one request; which parts it has follows from its kind."""

    grids = ("costs", "incomes")

    def __init__(self, change: ChangeRequest, choice: Choice, data: QueryDict | None = None, *, more: str = "") -> None:
        self.change, self.before = change, Plan.from_json(change.before)
        after = Plan.from_json(change.after)
        words = ("effective_on", "document_no", "reason", "work_done", "spent_yen", "outlook")
        start = {name: getattr(change, name) for name in words}
        start |= {"grant_yen": after.grant_yen, "end_on": after.end_on, "text": after.text}
        kinds = {Kind.CHANGE: ChangeText, Kind.DELAY: DelayText}
        if change.kind == Kind.DELAY and after.end_on == self.before.end_on:
            start["end_on"] = None
        self.text: forms.Form = kinds.get(Kind(change.kind), StopText)(data, initial=start)
        if isinstance(self.text, StopText):
            self.text.name_act(str(change.get_kind_display()))
        if change.kind != Kind.CHANGE:
            return
        towns = [(share.code, share.name) for share in after.shares] + list(choice.towns)
        projects = [(str(one.id), one.name) for one in (*self.before.projects, *after.projects)]
        projects += [(str(key), name) for key, name in choice.projects]
        self.costs = Grid(
            "costs", "経費", ChangedCost, data=data,
            initial=None if data is not None else [_cost(line) for line in after.costs],
            blank=4 if more == "costs" else 1, before=self.before,
            projects=list(dict.fromkeys(projects)), members=list(dict.fromkeys(towns)),
        )  # fmt: skip
        self.incomes = Grid(
            "incomes", "収入", ChangedIncome, data=data,
            initial=None if data is not None else [_income(line) for line in after.incomes],
            blank=3 if more == "incomes" else 1, before=self.before,
        )  # fmt: skip
        self.members = ChangedMembers(data, change=change, before=self.before, after=after, choice=choice)
        self.projects = ChangedProjects(data, before=self.before, after=after, choice=choice)

    def parts(self) -> tuple[forms.Form | Grid, ...]:
        if self.change.kind != Kind.CHANGE:
            return (self.text,)
        return self.text, self.costs, self.incomes, self.members, self.projects

    def further_problems(self) -> Iterator[Problem]:
        """A line of the plan stands once in its table."""
        if self.change.kind == Kind.CHANGE:
            for grid in (self.costs, self.incomes):
                numbers = [row.cleaned_data.get("number") for row in grid.rows if hasattr(row, "cleaned_data")]
                known = [number for number in numbers if number]
                if len(known) != len(set(known)):
                    yield Problem(f"{grid.title}に同じ行が2つあります。", f"grid-{grid.name}")

    @property
    def draft(self) -> ChangeDraft:
        """What was typed, for the service."""
        read = self.text.cleaned_data
        words = {name: read.get(name) or "" for name in ("reason", "work_done", "outlook", "document_no")}
        after = self.before
        if self.change.kind == Kind.DELAY:
            after = replace(after, end_on=read["end_on"] or after.end_on)
        elif self.change.kind == Kind.CHANGE:
            after = self._after(read)
        return ChangeDraft(
            after=after,
            effective_on=read.get("effective_on"),
            spent_yen=read.get("spent_yen"),
            consents=self.members.consents if self.change.kind == Kind.CHANGE else {},
            **words,
        )

    def _after(self, read: dict[str, Any]) -> Plan:
        used = self.change.application.costs.values_list("number", flat=True)
        return replace(
            self.before,
            grant_yen=read["grant_yen"] or 0,
            end_on=read["end_on"] or self.before.end_on,
            text=read["text"],
            costs=tuple(
                PlanCost(
                    number,
                    row["category"],
                    row["description"],
                    row["amount_yen"],
                    row["eligible_yen"],
                    int(row["project"]) if row["project"] else None,
                    row["member"],
                )
                for number, row in _numbered(self.costs.cleaned, [*used, *(line.number for line in self.before.costs)])
            ),
            incomes=tuple(
                PlanIncome(number, row["kind"], row["description"], row["amount_yen"], self._payer(number))
                for number, row in _numbered(self.incomes.cleaned, [line.number for line in self.before.incomes])
            ),
            shares=self.members.shares,
            projects=self.projects.projects,
        )

    def _payer(self, number: int) -> str:
        return next((line.member for line in self.before.incomes if line.number == number), "")


class LightOrNot(forms.Form):
    """What the approver confirms: the number of the letter, and that it is filed or applied for as the page says."""

    document_no = forms.CharField(label="文書番号", required=False, max_length=40)
    act = forms.ChoiceField(choices=[("light", "届け出る"), ("ask", "申請する")], widget=forms.HiddenInput)


class OpinionForm(forms.Form):
    """意見."""

    fits = forms.TypedChoiceField(
        label="振興局の意見",
        choices=[("yes", "適当と認める"), ("no", "適当と認められない")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="意見と理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="庁内限りです。判断を要する要件があるときは、判断の理由も書いてください。",
    )


class ReturnForm(forms.Form):
    """差戻し."""

    reason = forms.CharField(label="補正してほしいこと", widget=forms.Textarea(attrs={"rows": 3}))


class ApproveForm(forms.Form):
    """決裁; what is typed stands in the letter, where there is one, and on the page of the change."""

    comment = forms.CharField(
        label="通知書に書き添えること",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="なければ空欄にします。",
    )

    def __init__(self, *args: Any, told_by_letter: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not told_by_letter:
            self.fields["comment"].label = "市町村に伝えること"


class RefuseForm(forms.Form):
    """不承認."""

    reason = forms.CharField(
        label="承認しない理由", widget=forms.Textarea(attrs={"rows": 2}), help_text="市町村に伝わります。"
    )


class WithdrawForm(forms.Form):
    """取下げ; what was submitted needs a reason."""

    reason = forms.CharField(label="取下げの理由", required=False, widget=forms.Textarea(attrs={"rows": 2}))


class ResumeForm(forms.Form):
    """再開."""

    reason = forms.CharField(
        label="再開の理由と今後の予定",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "再開の理由と今後の予定を入力してください。"},
    )


class KindForm(forms.Form):
    """Which of the four it is, told in plain words."""

    kind = forms.ChoiceField(label="手続", choices=[], widget=forms.RadioSelect)

    def __init__(self, data: Any, kinds: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = list(kinds)


def _numbered(rows: Sequence[dict[str, Any]], used: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row with its number; a new one takes the next that no line of the plan ever had."""
    following = max([*used, *(row["number"] or 0 for row in rows)], default=0)
    for row in rows:
        if row["number"]:
            yield row["number"], row
        else:
            following += 1
            yield following, row


def _cost(line: PlanCost) -> dict[str, Any]:
    names = ("number", "category", "description", "amount_yen", "eligible_yen", "member")
    return {name: getattr(line, name) for name in names} | {"project": str(line.project or "")}


def _income(line: PlanIncome) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("number", "kind", "description", "amount_yen")}
