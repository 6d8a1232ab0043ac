"""Whoever opens a page of something erased is led to the line that is left of it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from common.errors import Erased


class ErasedMiddleware:
    """Answers `common.errors.Erased`, which the rooms below raise, with the way to the register of what was erased."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The line has its own `visible_to`: this says no more than that there is one."""
        if isinstance(exception, Erased):
            return redirect("portal:erased_detail", f"{exception.kind}-{exception.key}")
        return None
