"""Step 6: everything on one page, the papers to attach, what is still missing, and the next act."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from common.errors import Refused
from common.part_forms import Problem, StepForm
from common.request import Request

from ...dossier import Dossier
from ...forms.acts import AttachForm, DeclareForm
from ...forms.delegations import TypedForm
from ...offers import problems_before
from ...services import consents, drafts
from ...services.advance import may_take, open_actions
from ...states import State
from ...workflow import STEPS as ACTS
from ...workflow import Action
from .frame import STEPS, StepView

_STEP = re.compile(r"手順(\d)")


class ConfirmView(StepView):
    """確認・同意. Nothing is typed here but a tick; the acts are buttons."""

    slug = "confirm"
    template = "subsidies/draft/confirm.html"

    def form(self, data: QueryDict | None = None) -> StepForm:
        return StepForm()

    def get(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        return self.answer(DeclareForm(initial={"declared": self.application.declared}))

    def post(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        """構成市町村へ確認を依頼する: with the planner's statement, if nothing is missing."""
        if not may_take(self.application, ACTS[Action.ASK_CONSENT], request.viewer):
            raise PermissionDenied("構成市町村への確認は、代表市町村の企画担当が依頼します。")
        declare = DeclareForm(request.POST)
        if not declare.is_valid():
            return self.answer(declare, [Problem(str(text), "id_declared") for text in declare.errors["declared"]])
        try:
            drafts.save_basic(application_id=pk, viewer=request.viewer, revision=None, values={"declared": True})
            consents.ask(application_id=pk, viewer=request.viewer)
        except Refused as refused:
            return self.answer(declare, [self.linked(text) for text in refused.problems])
        messages.success(request, "構成市町村へ確認を依頼しました。全ての市町村が同意すると提出できます。")
        return redirect("subsidies:application_consent", pk)

    def answer(self, declare: DeclareForm, problems: list[Problem] | None = None) -> HttpResponse:
        application, viewer = self.application, self.request.viewer
        read = Dossier(application, viewer)
        wanted = application.call.required_documents
        attached = {file.label for file in read.files}
        context: dict[str, Any] = self.frame({}) | {
            "problems": problems or [],
            "declare": declare,
            "dossier": read,
            "attach": AttachForm(required_documents=wanted),
            "missing_documents": [label for label in wanted if label not in attached],
            "missing": [self.linked(text) for text in self.missing()],
            "may_ask": Action.ASK_CONSENT in open_actions(application, viewer),
            "returned": application.state == State.RETURNED,
            "typed": TypedForm(),
        }
        return render(self.request, self.template, context, status=422 if problems else 200)

    def missing(self) -> list[str]:
        """What the guards of the next act would say now."""
        act = Action.RESUBMIT if self.application.state == State.RETURNED else Action.ASK_CONSENT
        return problems_before(self.application, act, self.request.viewer)

    def linked(self, text: str) -> Problem:
        """A guard's sentence with a link to the step it names."""
        named = _STEP.search(text)
        if named is None or not 1 <= int(named[1]) <= len(STEPS):
            return Problem(text)
        slug, title = STEPS[int(named[1]) - 1]
        return Problem(text, reverse(f"subsidies:draft_{slug}", args=[self.application.pk]), title)
