"""保存の継続: keeping a thing whose time is over because of a lawsuit, an audit or a request for disclosure."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from common.access import needs
from common.errors import Conflict, Refused
from common.request import Request
from common.viewer import Access

from ..duties import RETENTION
from ..models import RetentionHold
from ..retention import services
from ..retention.classes import classes
from ..retention.register import MODELS, known


class HoldForm(forms.Form):
    """Why it has to be kept."""

    ground = forms.ChoiceField(label="事由", choices=RetentionHold.Ground.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="内容",
        max_length=200,
        help_text="例：令和8年(行ウ)第1号の係属中のため。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def parted_or_404(name: str) -> tuple[str, int]:
    """application-12 as class and id; 404 for what names nothing that is kept by classes."""
    kind, _, key = name.partition("-")
    if kind not in MODELS or not key.isdecimal():
        raise Http404
    return kind, int(key)


@needs(RETENTION, Access.EDIT)
def retention_hold(request: Request, name: str) -> HttpResponse:
    """Say that a thing (`application-12`) must stay, or lift that; everyone who keeps the register reads why."""
    kind, key = parted_or_404(name)
    thing = get_object_or_404(known(kind, request.viewer).filter(erased_on=None), pk=key)
    holds = RetentionHold.objects.visible_to(request.viewer)
    standing = holds.standing(kind, key).first()
    form = HoldForm(request.POST if request.method == "POST" and "lift" not in request.POST else None)
    if request.method == "POST":
        try:
            if "lift" in request.POST and standing is not None:
                services.lift(hold_id=standing.pk, viewer=request.viewer)
                messages.success(request, "保存の継続を解除しました。")
                return redirect("portal:retention_list")
            if form.is_valid():
                services.hold(kind=kind, key=str(key), viewer=request.viewer, **form.cleaned_data)
                messages.success(request, "保存を続けることにしました。解除するまで廃棄できません。")
                return redirect("portal:retention_list")
        except Conflict as changed:
            messages.error(request, str(changed))
            return redirect("portal:retention_hold", name)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form,
        "thing": thing,
        "label": classes()[kind].label,
        "hold": standing,
        "past": holds.filter(kind=kind, key=str(key)).exclude(lifted_at=None),
    }
    return render(request, "portal/retention_hold.html", context, status=422 if form.errors else 200)
