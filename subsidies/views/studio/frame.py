"""What the pages of the studio share: find the version, say what is wrong and new, bring two people together."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from common import audit
from common.access import require
from common.merging import Typed
from common.models import AuditEvent
from common.part_forms import StepForm
from common.part_views import PartView, Posted
from common.request import Request
from common.viewer import Access

from ...duties import STUDIO
from ...models import RuleSetVersion
from ...services import studio
from ...services.publishing import problems_of as obstacles_of
from ...studio.content import Content
from ...studio.difference import Change, difference

TABS = (
    ("studio_detail", "概要"),
    ("studio_parameters", "数と条件"),
    ("studio_rules", "要件"),
    ("studio_fields", "対象分野"),
    ("studio_bench", "計算例"),
    ("studio_replay", "過去の支援"),
    ("studio_reach", "対象になる市町村"),
)


def version_for(request: Request, pk: int, access: Access = Access.READ) -> RuleSetVersion:
    """The version, for whom the studio is open; 404 where it is not visible, 403 where it is not one's work."""
    rows = RuleSetVersion.objects.visible_to(request.viewer).select_related("program", "based_on")
    version: RuleSetVersion = get_object_or_404(rows, pk=pk)
    require(request.viewer, STUDIO, access)
    return version


def draft_for(request: Request, pk: int) -> RuleSetVersion:
    """The version for a page on which it is written: for reading every state, for posting a draft and its writers."""
    return version_for(request, pk, Access.EDIT if request.method == "POST" else Access.READ)


def changes_of(version: RuleSetVersion) -> list[Change]:
    """What is new against the version it was copied from; nothing where it was made from nothing."""
    return difference(version.based_on.content, version.content) if version.based_on else []


def shared(request: Request, version: RuleSetVersion, tab: str) -> dict[str, Any]:
    """What every page of the studio shows: its tabs, whether it can be written, and the panel beside it."""
    return {
        "version": version,
        "program": version.program,
        "tabs": [(name, label, name == tab) for name, label in TABS],
        "writable": version.state == version.State.DRAFT and request.viewer.may(STUDIO, Access.EDIT),
    } | (panel_of(version) if version.in_studio else {})


def panel_of(version: RuleSetVersion) -> dict[str, Any]:
    """What is wrong with a draft and what is new in it."""
    return {"obstacles": obstacles_of(version), "changes": changes_of(version)}


def page(
    request: Request, template: str, version: RuleSetVersion, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the studio on which nothing is brought together."""
    whole = {**shared(request, version, str(context["tab"])), **context}
    return render(request, f"subsidies/studio/{template}", whole, status=status)


class OneForm(StepForm):
    """One plain form as a part that two people may write; `sets` names its groups of boxes."""

    def __init__(self, form: forms.Form, sets: tuple[str, ...] = ()) -> None:
        self.form, self.sets = form, sets

    def parts(self) -> tuple[forms.Form, ...]:
        return (self.form,)


class DesignView(PartView):
    """One part of a draft: read by all in headquarters, saved by its writers through `studio.change`.

    With a script each change of an input asks for the panel beside it (`?check`), which speaks of what stands on the
    page; nothing is saved before the button.
    """

    tab: ClassVar[str]

    version: RuleSetVersion

    def dispatch(self, request: Request, pk: int, **more: Any) -> HttpResponse:  # type: ignore[override]
        self.request, self.version = request, draft_for(request, pk)
        return super().dispatch(request, pk, **more)  # type: ignore[return-value]

    def post(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if "check" not in request.GET:
            return super().post(request, *args, **kwargs)
        posted = self.read()
        posted.form.is_valid()
        self.version.content = self.changed(posted.form)(self.version.content)
        context = panel_of(self.version) | {"version": self.version, "wrong": posted.form.problems, "unsaved": True}
        return render(request, "subsidies/studio/_panel.html", context)

    @abstractmethod
    def changed(self, form: StepForm) -> Callable[[Content], Content]:
        """What the form makes of the content."""

    @abstractmethod
    def title(self, form: StepForm) -> str:
        """How the timeline calls the change."""

    def keep(self, form: StepForm) -> None:
        studio.change(
            version_id=self.version.pk,
            viewer=self.request.viewer,
            revision=self.version.revision,
            title=self.title(form),
            by=self.changed(form),
        )
        messages.success(self.request, f"{self.title(form)}しました。")

    @property
    def revision(self) -> int:
        return self.version.revision

    @property
    def saved_at(self) -> datetime | None:
        return None

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.version, internal=True).filter(action="ruleset.change")
        return events.exclude(user_id=self.request.viewer.user_id)

    def frame(self, base: Typed) -> dict[str, Any]:
        return super().frame(base) | shared(self.request, self.version, self.tab) | {"step": "save"}

    def page(self, form: StepForm, *, base: Typed, posted: Posted | None = None, status: int = 200) -> HttpResponse:
        if posted is not None and not posted.clashes:
            self.version.content = self.changed(form)(self.version.content)  # the panel speaks of what stands here
        return super().page(form, base=base, posted=posted, status=status)


def revision_of(request: Request) -> int:
    """The revision that the person saw; -1, which is nobody's, where the page did not send one."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() else -1
