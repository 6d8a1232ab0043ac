"""A request as the portal's middleware leaves it; views annotate `request: Request`."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .viewer import Viewer


class Request(HttpRequest):
    """`viewer` is the post worn, `viewers` all posts of the person, `htmx` tells whether a script asked.

    A page that counts what the menu counts too leaves it in `counts`, by the counter's key.
    """

    viewer: Viewer
    viewers: list[Viewer]
    htmx: HtmxDetails
    counts: dict[str, int]
