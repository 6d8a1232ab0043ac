"""How a person wants her notices (お知らせの受け取り方)."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from common import clock
from common.models import Notice
from common.request import Request

from .. import services
from ..forms import RhythmForm
from ..models import NoticeRhythm, User


@require_http_methods(["GET", "POST"])
def rhythm(request: Request) -> HttpResponse:
    """One's own choice; it goes along from post to post."""
    user = cast(User, request.user)
    kept = NoticeRhythm.of(user)
    shown = [kind.value for kind in Notice.Kind if kind.value not in kept.unwanted]
    initial = {"mail": kept.mail, "hour": kept.hour, "weekday": kept.weekday, "kinds": shown}
    form = RhythmForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.choose_rhythm(request.viewer, **form.chosen)
        messages.success(request, "お知らせの受け取り方を保存しました。")
        return redirect("accounts:rhythm")
    due = kept.rhythm.due(clock.now())
    context = {
        "form": form,
        "relay": bool(settings.EMAIL_RELAY),
        "address": user.email,
        "next_mail": timezone.localtime(due) if due and kept.mail != NoticeRhythm.Mail.AT_ONCE else None,
    }
    return render(request, "accounts/rhythm.html", context, status=422 if form.errors else 200)
