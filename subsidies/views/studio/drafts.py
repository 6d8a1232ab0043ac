"""A draft as a whole: made, copied, described, proposed, published, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common import audit
from common.access import needs, require
from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ...duties import STUDIO
from ...forms.studio import BasicsForm, ProgramForm, ReasonForm
from ...models import RuleSetVersion
from ...services import publishing, studio
from ..finding import posted
from .frame import page, revision_of, version_for

State = RuleSetVersion.State
LINES = 12
"""Events of the timeline that the page shows."""


@needs(STUDIO, Access.EDIT)
def studio_new(request: Request) -> HttpResponseBase:
    """A program that does not exist yet, from nothing or from any version."""
    versions = RuleSetVersion.objects.visible_to(request.viewer).select_related("program").defer("content")
    choices = [(row.pk, f"{row.program.name}　{row.label}") for row in versions.order_by("program__order", "-version")]
    form = ProgramForm(posted(request), versions=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            draft = studio.create_program(
                viewer=request.viewer,
                values=form.program(),
                from_fy=given["from_fy"],
                to_fy=given["to_fy"],
                based_on=given["based_on"],
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "制度とルールの案を作りました。公開するまで、市町村と振興局には見えません。")
            return redirect("subsidies:studio_detail", draft.pk)
    return render(request, "subsidies/studio/new.html", {"form": form})


@require_POST
def studio_copy(request: Request, pk: int) -> HttpResponseBase:
    """The next draft of a program."""
    version = version_for(request, pk, Access.EDIT)
    draft = studio.copy_version(viewer=request.viewer, version_id=version.pk)
    messages.success(request, f"第{version.version}版を写して、第{draft.version}版の案を作りました。")
    return redirect("subsidies:studio_detail", draft.pk)


def studio_detail(request: Request, pk: int) -> HttpResponseBase:
    """Where a draft stands: what is new, what is missing, whose turn it is; its effective years are typed here."""
    version = version_for(request, pk, Access.EDIT if request.method == "POST" else Access.READ)
    named = not version.program.rulesets.published_ever().exists()
    initial = {
        "from_fy": version.effective_from_fy,
        "to_fy": version.effective_to_fy,
        "note": version.note,
        "name": version.program.name,
        "short_name": version.program.short_name,
        "purpose": version.program.purpose,
        "umbrella": version.program.umbrella,
    }
    form = BasicsForm(posted(request), named=named, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            studio.set_basics(
                version_id=pk,
                viewer=request.viewer,
                revision=revision_of(request),
                from_fy=given["from_fy"],
                to_fy=given["to_fy"],
                note=given["note"],
                program=form.program(version.program_id),
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
            version = version_for(request, pk)
        else:
            messages.success(request, "適用年度などを保存しました。")
            return redirect("subsidies:studio_detail", pk)
    return _detail(request, version, form=form)


def _detail(
    request: Request, version: RuleSetVersion, *, form: BasicsForm | None = None, refused: Any = None
) -> HttpResponse:
    viewer = request.viewer
    writers = list(version.writers.order_by("pk"))
    context = {
        "tab": "studio_detail",
        "form": form,
        "refused_form": refused if refused is not None else form,
        "reason_form": refused or ReasonForm(auto_id="reason_%s"),
        "events": audit.timeline(version, internal=True)[:LINES],
        "writers": [str(writer) for writer in writers],
        "is_writer": viewer.user_id in {writer.pk for writer in writers},
        "may_write": viewer.may(STUDIO, Access.EDIT),
        "may_decide": viewer.may(STUDIO, Access.SUBMIT),
        "calls": list(version.calls.all()),
    }
    return page(request, "detail.html", version, context, status=422 if refused is not None else 200)


ACTS: dict[str, tuple[Access, str]] = {
    "propose": (Access.EDIT, "公開を起案しました。決裁者が公開するまで、案は書き換えられません。"),
    "take-back": (Access.EDIT, "起案を取り下げました。"),
    "give-up": (Access.EDIT, "案を取りやめました。"),
    "send-back": (Access.SUBMIT, "起案を差し戻しました。"),
    "publish": (Access.SUBMIT, "ルールを公開しました。この版で募集を準備できます。"),
    "withdraw": (Access.SUBMIT, "ルールを撤回しました。"),
}


@require_POST
def studio_act(request: Request, pk: int, act: str) -> HttpResponseBase:
    """One act on a version as a whole; what is refused is said above the same page."""
    version = version_for(request, pk)
    if act not in ACTS:
        raise Http404
    access, done = ACTS[act]
    require(request.viewer, STUDIO, access)
    form = ReasonForm(request.POST, auto_id="reason_%s")
    if act in ("send-back", "withdraw", "give-up") and not form.is_valid():
        return _detail(request, version, refused=form)
    try:
        _perform(request, pk, act, form)()
    except Refused as refused:
        form = ReasonForm(request.POST, auto_id="reason_%s")
        form.full_clean()
        form.errors.clear()
        form.add_error(None, refused.problems)
        return _detail(request, version_for(request, pk), refused=form)
    messages.success(request, done)
    return redirect("subsidies:studio_detail", pk)


def _perform(request: Request, pk: int, act: str, form: ReasonForm) -> Callable[[], object]:
    """The service behind an act."""
    who: dict[str, Any] = {"version_id": pk, "viewer": request.viewer}
    reason = form.cleaned_data.get("reason", "") if form.is_bound and form.is_valid() else ""
    match act:
        case "propose":
            return lambda: publishing.propose(**who, revision=revision_of(request))
        case "take-back":
            return lambda: publishing.take_back(**who)
        case "give-up":
            return lambda: publishing.give_up(**who, revision=revision_of(request), reason=reason)
        case "send-back":
            return lambda: publishing.send_back(**who, reason=reason)
        case "publish":
            return lambda: publishing.publish(**who, revision=revision_of(request))
        case _:
            return lambda: publishing.withdraw(**who, reason=reason)


urls = [
    path("studio/new/", studio_new, name="studio_new"),
    path("studio/<int:pk>/copy/", studio_copy, name="studio_copy"),
    path("studio/<int:pk>/", studio_detail, name="studio_detail"),
    path("studio/<int:pk>/act/<slug:act>/", studio_act, name="studio_act"),
]
