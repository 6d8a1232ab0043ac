"""Step 3: which initiatives, what they do this year; a new one can be registered on the way."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from common.errors import Refused
from common.part_forms import Problem, problems_of
from common.request import Request

from ...forms.projects import NewInitiativeForm, ProjectStep
from ...initiatives import Listed, fields_known, initiatives_of
from ...rulesets import rules_of
from ...services import drafts, fieldwork
from .frame import StepView


class ProjectsView(StepView):
    """取組・分野."""

    slug = "projects"
    template = "subsidies/draft/projects.html"

    @cached_property
    def listed(self) -> list[Listed]:
        return initiatives_of(self.application)

    def form(self, data: QueryDict | None = None) -> ProjectStep:
        return ProjectStep(self.application, self.listed, data)

    def keep(self, form: ProjectStep) -> None:  # type: ignore[override]
        drafts.save_projects(
            application_id=self.application.pk,
            viewer=self.request.viewer,
            revision=self.application.revision,
            items=form.values,
        )

    def new_form(self, data: QueryDict | None = None) -> NewInitiativeForm:
        members = [(part.municipality_id, part.municipality.name) for part in self.application.parts.all()]
        eligible = rules_of(self.application.call.ruleset).fields
        return NewInitiativeForm(data, prefix="new", fields=fields_known(), eligible=eligible, members=members)

    def post(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        """「取組を登録する」 saves the step and then registers the new initiative."""
        if "new" not in request.POST:
            return super().post(request, pk)
        self.new = self.new_form(request.POST)
        posted = self.read()
        if not posted.clashes:
            self.try_to_save(posted)
        if not posted.problems and not posted.clashes:
            if self.new.is_valid():
                try:
                    project = fieldwork.add_initiative(
                        application_id=pk, viewer=request.viewer, draft=self.new.draft(self.application.fiscal_year)
                    )
                except Refused as refused:
                    posted.problems += [Problem(text) for text in refused.problems]
                else:
                    messages.success(request, f"取組「{project.name}」を登録して、申請に加えました。")
                    return redirect("subsidies:draft_projects", pk)
            else:
                posted.problems += problems_of(self.new, where="新しい取組")
        return self.page(posted.form, base=posted.latest, posted=posted, status=422)

    def context(self, form: ProjectStep) -> dict[str, Any]:  # type: ignore[override]
        eligible = rules_of(self.application.call.ruleset).fields
        known = {one.project.pk: one for one in self.listed}
        rows = [row | {"listed": known[row["project"].pk]} for row in form.items.rows]
        return {"rows": rows, "eligible": eligible, "new": getattr(self, "new", None) or self.new_form()}
