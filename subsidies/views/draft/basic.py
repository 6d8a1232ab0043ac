"""Step 1: what the application is about."""

from __future__ import annotations

from django.http import QueryDict

from ...forms.basic import BasicStep
from ...services import drafts
from .frame import StepView


class BasicView(StepView):
    """基本情報; what can be read is saved even while another field is wrong."""

    slug = "basic"
    template = "subsidies/draft/basic.html"

    def form(self, data: QueryDict | None = None) -> BasicStep:
        return BasicStep(self.application, data)

    def keep(self, form: BasicStep) -> None:  # type: ignore[override]
        drafts.save_basic(
            application_id=self.application.pk,
            viewer=self.request.viewer,
            revision=self.application.revision,
            values=form.values,
            self_running=form.self_running,
        )
