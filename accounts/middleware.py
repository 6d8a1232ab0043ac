"""Puts `request.viewer` on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from common.viewer import NOBODY

from .viewers import SESSION_KEY, viewer_for


class ViewerMiddleware:
    """Read the person's posts once per request: `request.viewer` (worn) and `request.viewers` (all of hers)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer, request.viewers = NOBODY, []
        if request.user.is_authenticated:
            request.viewer, request.viewers = viewer_for(
                request.user, request.session.get(SESSION_KEY), request.META.get("REMOTE_ADDR", "")
            )
        return self.get_response(request)
