"""403, 404, 500 and the refused form, in Japanese and with a way on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Visible, but not one's duty: the sentence of the PermissionDenied says whose it is."""
    sentence = str(exception) or "この操作は、いまの役割ではできません。"
    return render(request, "403.html", {"sentence": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Absent, or not to be known by this office: the page does not tell which."""
    return render(request, "404.html", status=404)


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is out of date: signed in again in another tab, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed here. Drawn without a request, so that no query can fail again."""
    return HttpResponseServerError(render_to_string("500.html"))
