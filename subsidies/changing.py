"""A change beside what counts now: what differs, whether it is light (C-13), what the rules and the money say.

Pages, guards and papers all ask here; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from common import clock
from common.fiscal_year import wareki
from common.yen import show_yen
from regions.models import Agreement

from .approved_plan import Plan, PlanCost, PlanShare, decided_plan
from .grants import formula_of, most_yen
from .models import Application, CallAllotment, ChangeRequest, CostLine, IncomeLine
from .rules.engine import Evaluation, ask_row, judge
from .rules.facts import (
    ApplicationFacts,
    ChangeFacts,
    CostLineFacts,
    IncomeLineFacts,
    MunicipalityRef,
    ParticipantFacts,
    ProjectFacts,
    SelfRunningFacts,
)
from .rules.gather import agreement_facts, application_facts
from .rules.ruleset import Row, RuleSet, Stage
from .rules.verdict import Finding, Result
from .rulesets import rules_of

LIGHT = "light_change"  # the kind of rule that tells a light change (C-13)
AMENDED = "membership_amended"  # the kind of rule about who the agreement names
OWN = (LIGHT, "allotment", "grant_amount", "estimate_adds_up")  # kinds that are looked at here by themselves
ASKED = (Stage.SUBMIT, Stage.BUREAU, Stage.DECIDE, Stage.CHANGE)


@dataclass(frozen=True)
class Pair:
    """One line before and after as officials draw it: texts, and yen where the line is an amount."""

    section: str
    label: str
    before: str
    after: str
    before_yen: int | None = None
    after_yen: int | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def difference_yen(self) -> int | None:
        if self.before_yen is None and self.after_yen is None:
            return None
        return (self.after_yen or 0) - (self.before_yen or 0)


class Weighed:
    """One change of one application, with everything that follows from its figures; asked once, used by a whole page.

    `last` is the plan of the last decision: light changes add up until the next one, so that several small steps do
    not make a large one (docs/decisions/0028).
    """

    def __init__(self, application: Application, before: Plan, after: Plan) -> None:
        self.application, self.before, self.after = application, before, after

    @classmethod
    def of(cls, change: ChangeRequest) -> Weighed:
        return cls(change.application, Plan.from_json(change.before), Plan.from_json(change.after))

    @cached_property
    def rules(self) -> RuleSet:
        return rules_of(self.application.call.ruleset)

    @cached_property
    def last(self) -> Plan:
        return decided_plan(self.application)

    # -- what differs ------------------------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> list[Pair]:
        """Every line of both plans in the order of the form, unchanged ones included."""
        return list(_pairs(self.before, self.after))

    @property
    def changed(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.changed]

    @property
    def delta_yen(self) -> int:
        """What the grant gains (or loses) against what counts now."""
        return self.after.grant_yen - self.before.grant_yen

    @property
    def leaving(self) -> list[PlanShare]:
        staying = {share.code for share in self.before.shares if share.until is not None}
        return [share for share in self.after.shares if share.until is not None and share.code not in staying]

    @property
    def joining(self) -> list[PlanShare]:
        known = {share.code for share in self.before.shares}
        return [share for share in self.after.shares if share.code not in known]

    @property
    def needs_consent(self) -> list[PlanShare]:
        """Who must have agreed: every member but the lead, where amount, members, shares or initiatives change."""
        same = (
            self.before.grant_yen == self.after.grant_yen
            and [(one.code, one.split_yen, one.burden_yen, one.until) for one in self.before.shares]
            == [(one.code, one.split_yen, one.burden_yen, one.until) for one in self.after.shares]
            and {one.id for one in self.before.projects} == {one.id for one in self.after.projects}
        )
        gone = {share.code for share in self.before.shares if share.until is not None}
        if same:
            return []
        return [
            share for share in self.after.shares if share.code != self.application.lead_id and share.code not in gone
        ]

    # -- what the rules say ------------------------------------------------------------------------------------------

    @cached_property
    def _facts_now(self) -> ApplicationFacts:
        facts = application_facts(self.application)
        made = Agreement.objects.filter(region=self.application.region_id).exclude(state=Agreement.State.DRAFT)
        return replace(
            facts, agreement=agreement_facts(made.prefetch_related("consents", "fields"), clock.today()), change=None
        )

    @cached_property
    def facts(self) -> ApplicationFacts:
        """The facts as they would be after the change, with what changes against the last decision."""
        return replace(self._with(self.after), change=self._change())

    @cached_property
    def light(self) -> Finding | None:
        """C-13 with a sentence for each category of cost; None where the ruleset knows no light change."""
        row = self._row(LIGHT)
        return None if row is None else ask_row(row, self.facts)

    @property
    def is_light(self) -> bool:
        return self.light is not None and self.light.result.holds

    @cached_property
    def verdict(self) -> Evaluation:
        """The rules from submission to decision and those of changes, asked again on the changed facts."""
        return self._judged(self.facts, self.after)

    @cached_property
    def _verdict_now(self) -> Evaluation:
        return self._judged(self._with(self.before), self.before)

    @cached_property
    def broken(self) -> list[Finding]:
        """The rules that hold now and would fail by this change; what failed before is a finding of its own."""
        failing = {finding.rule for finding in self._verdict_now.failing()}
        own = {row.id for row in (self._row(kind) for kind in OWN) if row is not None}
        return [one for one in self.verdict.failing() if one.rule not in failing and one.rule not in own]

    @cached_property
    def opened(self) -> list[Finding]:
        """What a person has to judge because of this change."""
        before = {finding.rule for finding in self._verdict_now.findings if finding.result.is_open}
        return [one for one in self.verdict.findings if one.result == Result.JUDGE and one.rule not in before]

    # -- what the money says -----------------------------------------------------------------------------------------

    @cached_property
    def most_yen(self) -> int | None:
        """The most that the formula of the decision gives on the changed costs; None where it cannot be told."""
        row = formula_of(self.rules)
        return None if row is None else most_yen(row, self.facts, reduced_yen=0)

    @cached_property
    def left_yen(self) -> int | None:
        """What the bureau's allotment has left, None where nothing is allotted."""
        allotment = CallAllotment.objects.filter(
            call=self.application.call_id, bureau=self.application.lead_bureau_id
        ).first()
        return None if allotment is None else allotment.left_yen

    def money_problems(self) -> Iterator[str]:
        """Why this amount cannot be granted: the formula with its cap and rate, and the budget for an increase.

        A reduction below what the formula gives is always possible.
        """
        if self.most_yen is not None and self.after.grant_yen > self.most_yen:
            yield (
                f"変更後の交付額は、変更後の対象経費・収入・補助率・上限額から算出した{show_yen(self.most_yen)}円以内に"
                "してください。"
            )
        if self.delta_yen > 0:
            if self.left_yen is None:
                yield "この募集には主管振興局への配当が登録されていません。"
            elif self.delta_yen > self.left_yen:
                yield (
                    f"増額{show_yen(self.delta_yen)}円は、予算の残額を{show_yen(self.delta_yen - self.left_yen)}円"
                    "超えています。"
                )

    # ----------------------------------------------------------------------------------------------------------------

    def _row(self, kind: str) -> Row | None:
        return next((row for row in self.rules.walk() if row.kind is not None and row.kind.name == kind), None)

    def _judged(self, facts: ApplicationFacts, plan: Plan) -> Evaluation:
        """Every rule on these facts; the agreement is asked to name those who stay (A-15), for everything else those
        who leave are members until the year is over."""
        verdict = judge(self.rules, facts, stages=ASKED)
        row = self._row(AMENDED)
        gone = {share.code for share in plan.shares if share.until is not None}
        if row is None or not gone:
            return verdict
        staying = tuple(one for one in facts.region_members if one.code not in gone)
        asked = ask_row(row, replace(facts, region_members=staying))
        return replace(verdict, findings=tuple(asked if one.rule == row.id else one for one in verdict.findings))

    def _with(self, plan: Plan) -> ApplicationFacts:
        """The facts of the application with the figures and members of a plan.

        A member that leaves counts as a participant until the year is over: the cap of the year stays (W24).
        """
        now = self._facts_now
        names = {project.id: project.name for project in plan.projects}
        known = {one.name: one for one in now.projects}
        agreed = {one.code: one.consented for one in now.participants}
        elsewhere = {one.code: one.elsewhere_yen for one in now.participants}
        members = list(now.region_members)
        there = {one.code for one in members}
        members += [
            MunicipalityRef(share.code, share.name)
            for share in plan.shares
            if share.since is not None and share.code not in there and share.until is None
        ]
        outlook = now.self_running or SelfRunningFacts()
        following = self.application.fiscal_year + 1
        funding = tuple((one.code, following, one.funding) for one in plan.shares if one.since and one.funding)
        hard = {line.number: line for line in self.application.costs.all()}
        return replace(
            now,
            region_members=tuple(members),
            participants=tuple(
                ParticipantFacts(
                    share.code, share.name, agreed.get(share.code, True), share.split_yen, elsewhere.get(share.code, 0)
                )
                for share in plan.shares
            ),
            projects=tuple(known.get(name) or ProjectFacts(name) for name in names.values()),
            cost_lines=tuple(_cost_facts(line, names, hard.get(line.number)) for line in plan.costs),
            income_lines=tuple(
                IncomeLineFacts(line.description, line.amount_yen, deducted=line.kind != IncomeLine.Kind.BURDEN)
                for line in plan.incomes
            ),
            self_running=replace(outlook, funding=outlook.funding + funding),
            requested_yen=plan.grant_yen,
            granted_yen=plan.grant_yen,
            starts_on=plan.start_on,
            ends_on=plan.end_on,
        )

    def _change(self) -> ChangeFacts:
        last, after = self.last, self.after
        order = list(CostLine.Category)
        sums = [dict.fromkeys(order, 0), dict.fromkeys(order, 0)]
        for side, plan in zip(sums, (last, after), strict=True):
            for line in plan.costs:
                side[CostLine.Category(line.category)] += line.amount_yen
        old, new = ({one.id: one.name for one in plan.projects} for plan in (last, after))
        return ChangeFacts(
            categories=tuple(
                (str(code.label), sums[0][code], sums[1][code]) for code in order if sums[0][code] or sums[1][code]
            ),
            grant_before_yen=last.grant_yen,
            grant_after_yen=after.grant_yen,
            projects_changed=tuple(({**old, **new})[one] for one in sorted(old.keys() ^ new.keys())),
            members_changed=tuple(_moved(last, after)),
        )


def _moved(last: Plan, after: Plan) -> Iterator[str]:
    """The names of those who join or leave between two plans."""
    was = {share.code for share in last.shares if share.until is None}
    for share in after.shares:
        if (share.until is None) != (share.code in was):
            yield share.name


def _cost_facts(line: PlanCost, names: dict[int, str], row: CostLine | None) -> CostLineFacts:
    return CostLineFacts(
        category=line.category_label,
        amount_yen=line.amount_yen,
        eligible_yen=line.eligible_yen,
        project=names.get(line.project or 0, ""),
        member=line.member,
        description=line.description,
        hard=row.is_hard if row is not None else line.category == CostLine.Category.CONSTRUCTION,
        other_subsidy=row.other_subsidy if row is not None else False,
    )


def _pairs(before: Plan, after: Plan) -> Iterator[Pair]:
    yield _money("概要", "交付額", before.grant_yen, after.grant_yen)
    yield Pair("概要", "事業の期間", _period(before), _period(after))
    yield Pair("概要", "事業の内容", before.text, after.text)
    old, new = {line.number: line for line in before.costs}, {line.number: line for line in after.costs}
    for number in sorted({**old, **new}):
        yield _cost_pair(number, old.get(number), new.get(number))
    yield _money("経費", "経費の合計", before.cost_yen, after.cost_yen)
    yield _money("経費", "対象経費の合計", before.eligible_yen, after.eligible_yen)
    was, now = ({line.number: line for line in plan.incomes} for plan in (before, after))
    for number in sorted({**was, **now}):
        shown = now[number] if number in now else was[number]
        yen = [plan[number].amount_yen if number in plan else None for plan in (was, now)]
        yield _money("収入", f"{shown.kind_label}（{shown.description}）", *yen)
    had, has = ({share.code: share for share in plan.shares} for plan in (before, after))
    for code in {**had, **has}:
        name = (has[code] if code in has else had[code]).name
        splits = [plan[code].split_yen if code in plan else None for plan in (had, has)]
        burdens = [plan[code].burden_yen if code in plan else None for plan in (had, has)]
        yield _money("市町村別の配分", name, *splits)
        yield _money("市町村別の負担", name, *burdens)
    yield Pair("構成市町村", "構成", _names(before), _names(after))
    old_items, new_items = ({one.id: one for one in plan.projects} for plan in (before, after))
    for key in {**old_items, **new_items}:
        item, other_item = old_items.get(key), new_items.get(key)
        label = (other_item or item).name  # type: ignore[union-attr]
        yield Pair("取組", label, _doing(item), _doing(other_item))


def _money(section: str, label: str, before: int | None, after: int | None) -> Pair:
    return Pair(section, label, _yen(before), _yen(after), before, after)


def _yen(amount: int | None) -> str:
    return "－" if amount is None else f"{show_yen(amount)}円"


def _cost_pair(number: int, before: PlanCost | None, after: PlanCost | None) -> Pair:
    line = after or before
    assert line is not None
    whole = all(one is None or one.amount_yen == one.eligible_yen for one in (before, after))
    texts = [
        "－"
        if one is None
        else f"{show_yen(one.amount_yen)}円" + ("" if whole else f"　うち対象額 {show_yen(one.eligible_yen)}円")
        for one in (before, after)
    ]
    words = {one.description for one in (before, after) if one is not None}
    if len(words) > 1:
        texts = [
            f"{one.description}　{text}" if one else text for one, text in zip((before, after), texts, strict=True)
        ]
    return Pair(
        "経費",
        f"{number}　{line.category_label}（{line.description}）",
        texts[0],
        texts[1],
        before.amount_yen if before else None,
        after.amount_yen if after else None,
    )


def _doing(item: object) -> str:
    if item is None:
        return "－"
    return "　".join(text for text in (getattr(item, "content", ""), getattr(item, "scale", "")) if text) or "実施"


def _names(plan: Plan) -> str:
    return "、".join(share.name for share in plan.shares if share.until is None)


def _period(plan: Plan) -> str:
    return f"{wareki(plan.start_on)}から{wareki(plan.end_on)}まで"
