"""Who is at the screen: nobody without sign-in, and the post she wears on every request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from common.request import Request
from common.viewer import NOBODY

from .client_ip import client_address
from .models import User
from .viewers import SESSION_KEY, viewer_for

SEEN = "seen"
SEEN_STEP = 60  # seconds


class ViewerMiddleware:
    """Read the person's posts once per request: `request.viewer` (worn) and `request.viewers` (all of hers)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.viewer, asked.viewers = NOBODY, []
        if isinstance(asked.user, User):
            asked.viewer, asked.viewers = viewer_for(asked.user, asked.session.get(SESSION_KEY), client_address(asked))
            _stay(asked.session)
        return self.get_response(asked)


def _stay(session: SessionBase) -> None:
    """Let the idle time begin again; the session is written once a minute, not with every page that is read."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= SEEN_STEP:
        session[SEEN] = now


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view says otherwise, and returns to the page asked for.

    Whoever comes with the cookie of a session that is over reads why (`expired`).
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        query = {"next": _way_back(request)}
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            query["expired"] = "1"
        address = f"{settings.LOGIN_URL}?{urlencode(query)}"
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)  # type: ignore[attr-defined]


def _way_back(request: HttpRequest) -> str:
    """Return the page to come back to: the one asked for, or the one whose form or script sent this request."""
    if request.htmx:  # type: ignore[attr-defined]
        page = request.htmx.current_url or ""  # type: ignore[attr-defined]
    elif request.method == "GET":
        return request.get_full_path()
    else:
        page = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
