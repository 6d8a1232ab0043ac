"""Pages that refuse on purpose, beside the portal's own."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.duties import PEOPLE
from common.access import needs
from common.viewer import Access
from portal.urls import handler403, handler404, handler500, urlpatterns

__all__ = ["handler403", "handler404", "handler500"]


@needs(PEOPLE, Access.EDIT)
def for_administrators(request: HttpRequest) -> HttpResponse:
    return HttpResponse("はい")


def without_reason(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def failing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("壊れました")


urlpatterns = [
    *urlpatterns,
    path("for-administrators/", for_administrators),
    path("without-reason/", without_reason),
    path("failing/", failing),
]
