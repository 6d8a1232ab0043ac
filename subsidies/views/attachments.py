"""Files of an application: download for everyone who may see it, adding and taking out for its planners."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from common import files
from common.models import StoredFile
from common.request import Request

from ..forms.acts import AttachForm
from ..models import Application
from ..services import attachments
from ..services.drafts import may_write
from .finding import application_for


def attachment(request: Request, pk: int, file: int) -> HttpResponseBase:
    """The file itself; PDFs and pictures open in the browser."""
    application = application_for(request, pk)
    stored = get_object_or_404(StoredFile.objects.of(application).visible_to(request.viewer), pk=file)
    return files.download(stored, viewer=request.viewer, inline=True)


@require_http_methods(["POST"])
def attachment_add(request: Request, pk: int) -> HttpResponse:
    """Attach one paper; what is wrong with it is said on the confirm step."""
    application = _writable(request, pk)
    form = AttachForm(request.POST, request.FILES, required_documents=application.call.required_documents)
    back = reverse("subsidies:draft_confirm", args=[pk]) + "#files"
    if not form.is_valid():
        for problems in form.errors.values():
            messages.error(request, " ".join(map(str, problems)))
        return redirect(back)
    try:
        stored = attachments.attach(
            application_id=pk,
            viewer=request.viewer,
            upload=form.cleaned_data["upload"],
            label=form.cleaned_data["label"],
        )
    except files.FileRefused as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, f"「{stored.label}」（{stored.name}）を添付しました。")
    return redirect(back)


def attachment_remove(request: Request, pk: int, file: int) -> HttpResponse:
    """Ask once, then take the file out."""
    application = _writable(request, pk)
    stored = get_object_or_404(StoredFile.objects.of(application).visible_to(request.viewer), pk=file)
    if request.method == "POST":
        attachments.detach(application_id=pk, viewer=request.viewer, file_id=stored.pk)
        messages.success(request, f"「{stored.label}」を外しました。")
        return redirect(reverse("subsidies:draft_confirm", args=[pk]) + "#files")
    return render(request, "subsidies/attachment_remove.html", {"application": application, "file": stored})


def _writable(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    if not may_write(application, request.viewer):
        raise PermissionDenied("添付書類を変えられるのは、この申請に参加する市町村の企画担当です。")
    return application


urls = [
    path("applications/<int:pk>/files/", attachment_add, name="attachment_add"),
    path("applications/<int:pk>/files/<int:file>/", attachment, name="attachment"),
    path("applications/<int:pk>/files/<int:file>/remove/", attachment_remove, name="attachment_remove"),
]
