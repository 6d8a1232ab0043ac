"""What the six steps share beyond `common/part_views.py`: the application, the verdict beside it, the line of steps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from common import audit
from common.merging import Typed
from common.models import AuditEvent
from common.part_views import PartView
from common.request import Request

from ...case_steps import CaseStep
from ...delegated import on_behalf
from ...ground import Ground
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


class StepView(PartView):
    """One step. A subclass names it, builds its form, saves it by one service, and adds what its page shows."""

    slug: ClassVar[str]
    pieces_shown = ("subsidies/draft/_live.html",)

    application: Application
    delegation: Delegation | None

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

    @property
    def revision(self) -> int:
        return self.application.revision

    @property
    def saved_at(self) -> datetime | None:
        application = self.application
        return None if application.updated_at == application.created_at else application.updated_at

    def reload(self) -> None:
        self.application = application_for(self.request, self.application.pk, rows=True)

    def frame(self, base: Typed) -> dict[str, Any]:
        """What every step's page shows: title, steps, verdict in plain words, the state to save upon."""
        names = [slug for slug, _ in STEPS]
        at = names.index(self.slug)
        self.advice, self.facts = self.ask()
        return super().frame(base) | {
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

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        """What other people saved here, newest first."""
        events = audit.timeline(self.application, internal=False).filter(action="application.edit")
        return events.exclude(user_id=self.request.viewer.user_id)

    def next_url(self) -> str:
        """Where the pressed button leads; without one the person stays."""
        go = self.request.POST.get("go", "")
        if go == "leave":
            return reverse("subsidies:application_detail", args=[self.application.pk])
        url = reverse(f"subsidies:draft_{go if go in TITLES else self.slug}", args=[self.application.pk])
        return f"{url}?more={self.more}#grid-{self.more}" if self.more.isidentifier() else url
