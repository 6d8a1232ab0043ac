"""What the six steps share: find, merge with what others saved meanwhile, save by one service, answer.

A step works by plain forms and buttons. With a script the form is posted every few seconds after a change; the answer
is then only the pieces that changed (`_autosaved.html`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from common import audit, clock
from common.errors import Conflict, Refused
from common.models import AuditEvent
from common.request import Request

from ...case_steps import CaseStep
from ...delegated import on_behalf
from ...forms.base import Grid, Problem, StepForm
from ...ground import Ground
from ...merging import Merge, Typed, canonical, merge
from ...models import Application, Delegation
from ...rules.engine import judge
from ...rules.facts import RegionFacts
from ...rules.gather import application_facts
from ...rules.ruleset import Stage, up_to
from ...rulesets import rules_of
from ...services.advance import open_actions
from ...services.drafts import WRITES, may_write
from ...state_badges import badge
from ...wording import Advice, advice, unit_of
from ...workflow import Action
from ..finding import application_for

STEPS = (
    ("basic", "基本情報"),
    ("members", "構成市町村"),
    ("projects", "取組・分野"),
    ("costs", "経費"),
    ("kpi", "KPI"),
    ("confirm", "確認・同意"),
)
TITLES = dict(STEPS)
CONTROLS = {
    "csrfmiddlewaretoken",
    "base",
    "seen",
    "revision",
    "go",
    "add",
    "remove",
    "more",
    "drop",
    "even",
    "use",
    "new",
}


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what is saved now and what this person typed."""

    block: str
    label: str
    saved: list[str]
    typed: list[str]
    target: str = ""


@dataclass
class Posted:
    """What came in: the merged form, the step read from it, and what is wrong with it."""

    merged: Merge
    form: StepForm
    typed: Typed
    base: Typed
    latest: Typed
    problems: list[Problem] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    saved: bool = False


class StepView(ABC, View):
    """One step. A subclass names it, builds its form, saves it by one service, and adds what its page shows."""

    slug: ClassVar[str]
    template: ClassVar[str]

    request: Request
    application: Application
    delegation: Delegation | None

    # -- what a step brings ------------------------------------------------------------------------------------------

    @abstractmethod
    def form(self, data: QueryDict | None = None) -> StepForm:
        """The step's form from what was posted, or from the application as it is."""

    def keep(self, form: StepForm) -> None:
        """Write a valid form by one service; a step that only shows keeps nothing. Raises Refused or Conflict."""
        return

    def context(self, form: StepForm) -> dict[str, Any]:
        """What the page shows besides the form."""
        return {}

    def press(self, typed: Typed) -> Typed:
        """What a button of the step does to the form before it is read (add a town, split evenly)."""
        return typed

    # -- the moves ---------------------------------------------------------------------------------------------------

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.application = request, application_for(request, pk, rows=True)
        if not may_write(self.application, request.viewer):
            raise PermissionDenied(WRITES)
        if not self.application.editable:
            messages.warning(
                request, f"「{self.application.get_state_display()}」の申請は書き換えられません。内容だけを表示します。"
            )
            return redirect("subsidies:application_detail", pk)
        self.delegation = on_behalf(self.application, request.viewer)
        return super().dispatch(request, pk)  # type: ignore[return-value]

    def get(self, request: Request, pk: int) -> HttpResponse:
        form = self.form()
        return self.page(form, base=self.texts(form))

    def post(self, request: Request, pk: int) -> HttpResponse:
        posted = self.read()
        if not posted.clashes:
            self.try_to_save(posted)
        if request.htmx:
            return self.pieces(posted)
        if posted.problems or posted.clashes:
            return self.page(posted.form, base=posted.latest, posted=posted, status=422)
        if posted.merged.taken:
            messages.info(request, "ほかの人が保存した内容と合わせて保存しました。")
        return HttpResponseRedirect(self.next_url())

    def read(self) -> Posted:
        """Read what was posted, bring it together with what others saved since the page was drawn."""
        latest_form = self.form()
        latest = self.texts(latest_form)
        grids, sets = latest_form.grids, latest_form.sets
        fields = {name: texts for name, texts in self.request.POST.lists() if name not in CONTROLS}
        if drop := self.request.POST.get("drop"):
            fields = {name: texts for name, texts in fields.items() if not name.startswith(f"{drop}-")}
        typed = self.press(canonical(fields, grids))
        use = self.request.POST.get("use", "")
        if use:
            typed = {name: texts for name, texts in typed.items() if name != use and not name.startswith(f"{use}-")}
            typed |= {name: texts for name, texts in latest.items() if name == use or name.startswith(f"{use}-")}
        typed, base = canonical(typed, grids), canonical(self.base(latest), grids)
        merged = merge(base, typed, latest, grids, sets)
        if merged.clashes and not self.others_saved():
            merged = Merge(merged.values, merged.taken)  # the person's own autosave, whose answer had not come yet
        form = self.form(_query(merged.values))
        return Posted(merged, form, typed, base, latest, clashes=list(self.clashes(merged, latest_form, form, latest)))

    def base(self, latest: Typed) -> Typed:
        """What the page showed when the person began: posted with the form; without it the state it was read at."""
        try:
            base = json.loads(self.request.POST.get("base", ""))
        except ValueError:
            fresh = self.request.POST.get("revision", "") == str(self.application.revision)
            return latest if fresh else {}
        return {str(name): [str(text) for text in texts] for name, texts in base.items()}

    def clashes(self, merged: Merge, saved: StepForm, typed: StepForm, latest: Typed) -> Iterator[Clash]:
        """The fields that both changed, with both texts, as the page puts them side by side."""
        for block in merged.clashes:
            if block in saved.grids:
                table = next(part for part in saved.parts() if isinstance(part, Grid) and part.name == block)
                yield Clash(
                    block, f"{table.title}の表", _rows(block, latest), _rows(block, merged.values), f"grid-{block}"
                )
                continue
            for part in typed.parts():
                if not isinstance(part, Grid) and block in part.fields:
                    bound = part[block]
                    yield Clash(
                        block,
                        str(bound.label),
                        latest.get(block, ["（空欄）"]),
                        merged.values.get(block, ["（空欄）"]),
                        bound.id_for_label or bound.auto_id,
                    )

    def try_to_save(self, posted: Posted) -> None:
        """Save when everything can be read; a refusal or an error keeps what was typed."""
        form = posted.form
        if not form.is_valid():
            posted.problems = form.problems
            if not form.partial:
                return
        if posted.merged.values == posted.latest:
            posted.saved = True
            return
        try:
            self.keep(form)
        except Conflict as conflict:
            posted.problems += [Problem(text) for text in conflict.problems]
        except Refused as refused:
            posted.problems += [Problem(text) for text in refused.problems]
        else:
            posted.saved = True
            self.application = application_for(self.request, self.application.pk, rows=True)

    # -- the answers -------------------------------------------------------------------------------------------------

    def page(self, form: StepForm, *, base: Typed, posted: Posted | None = None, status: int = 200) -> HttpResponse:
        """The whole step."""
        context = self.frame(base) | {
            "form": form,
            "problems": posted.problems if posted else [],
            "clashes": posted.clashes if posted else [],
            "changed_by": self.changed_by() if posted and posted.clashes else None,
        }
        return render(self.request, self.template, context | self.context(form), status=status)

    def pieces(self, posted: Posted) -> HttpResponse:
        """The answer to an autosave: the status, the new base, the verdict, and the step's own live pieces.

        The base becomes what stands on the screen, except where it could not be saved. What others saved counts as
        seen only once it stands on the screen: until then a later save of the same field must still be told as a clash.
        """
        wrong = {problem.field for problem in posted.problems if problem.field}
        base = posted.base
        if posted.saved:
            kept = {name: texts for name, texts in posted.base.items() if name in wrong}
            base = {name: texts for name, texts in posted.typed.items() if name not in wrong} | kept
        context = self.frame(base) | {"posted": posted, "form": posted.form}
        if not posted.saved or posted.merged.taken:
            context["seen"] = self.request.POST.get("seen", "")
        return render(self.request, "subsidies/draft/_autosaved.html", context | self.context(posted.form))

    def frame(self, base: Typed) -> dict[str, Any]:
        """What every step's page shows: title, steps, verdict in plain words, the state to save upon."""
        names = [slug for slug, _ in STEPS]
        at = names.index(self.slug)
        self.advice, self.facts = self.ask()
        return {
            "application": self.application,
            "delegation": self.delegation,
            "badge": badge(self.application, self.request.viewer),
            "step": self.slug,
            "step_title": TITLES[self.slug],
            "steps": [self.stop(slug, title) for slug, title in STEPS],
            "previous": STEPS[at - 1] if at else None,
            "next": STEPS[at + 1] if at + 1 < len(STEPS) else None,
            "advice": self.advice,
            "here": self.advice.at(self.slug),
            "elsewhere": [(line, TITLES[line.step]) for line in self.advice.elsewhere(self.slug)],
            "region_facts": self.facts,
            "unit": unit_of(self.facts),
            "base": json.dumps(base, ensure_ascii=False),
            "seen": clock.now().isoformat(),
            "may_consult": Action.ASK_CONSULTATION in open_actions(self.application, self.request.viewer),
        }

    def ask(self) -> tuple[Advice, RegionFacts]:
        """Ask the rules up to submission about the application as it is saved."""
        rules, facts = rules_of(self.application.call.ruleset), application_facts(self.application, self.ground())
        verdict = judge(rules, facts, stages=up_to(Stage.SUBMIT))
        return advice(verdict, rules, facts.region), facts.region

    def ground(self) -> Ground | None:
        """The facts of municipalities that the step has asked anyway; None where it asked none."""
        return None

    def stop(self, slug: str, title: str) -> CaseStep:
        """One of the six steps in the line at the top."""
        here = slug == self.slug
        done = not here and slug != "confirm" and not any(line.step == slug for line in self.advice.needed)
        note = "入力中" if here else "入力済み" if done else ""
        url = reverse(f"subsidies:draft_{slug}", args=[self.application.pk])
        return CaseStep(title, note, done=done, current=here, url=url)

    @property
    def more(self) -> str:
        """The grid for which more empty rows were asked for."""
        return self.request.POST.get("more") or self.request.GET.get("more", "")

    def others_saved(self) -> bool:
        """Whether somebody else saved since the page (or the last autosave's answer) was drawn."""
        try:
            seen = datetime.fromisoformat(self.request.POST.get("seen", ""))
        except ValueError:
            return True
        return self.saves_of_others().filter(at__gte=seen).exists()

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        """What other people saved here, newest first."""
        events = audit.timeline(self.application, internal=False).filter(action="application.edit")
        return events.exclude(user_id=self.request.viewer.user_id)

    def changed_by(self) -> AuditEvent | None:
        """The last save of somebody else, for the sentence above a clash."""
        return self.saves_of_others().first()

    def next_url(self) -> str:
        """Where the pressed button leads; without one the person stays."""
        go = self.request.POST.get("go", "")
        if go == "leave":
            return reverse("subsidies:application_detail", args=[self.application.pk])
        url = reverse(f"subsidies:draft_{go if go in TITLES else self.slug}", args=[self.application.pk])
        return f"{url}?more={self.more}#grid-{self.more}" if self.more.isidentifier() else url

    def texts(self, form: StepForm) -> Typed:
        return canonical(form.posted(), form.grids)


def _query(values: Typed) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, texts in values.items():
        query.setlist(name, texts)
    return query


def _rows(block: str, values: Typed) -> list[str]:
    """The rows of a grid as lines of text."""
    rows: dict[str, list[str]] = {}
    for name, texts in values.items():
        if name.startswith(f"{block}-"):
            rows.setdefault(name.split("-")[1], []).extend(texts)
    return ["　".join(texts) for texts in _in_order(rows)] or ["（空欄）"]


def _in_order(rows: dict[str, list[str]]) -> Iterable[list[str]]:
    return (rows[index] for index in sorted(rows, key=int))
