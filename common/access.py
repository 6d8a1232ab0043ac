"""What a view asks before it shows or does something: visible answers 404 elsewhere, one's duty answers 403 here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from .request import Request
from .viewer import Access, Action, Duty, Viewer

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]


def require(viewer: Viewer, action: Action, access: Access = Access.READ) -> None:
    """Raise PermissionDenied, with a sentence that names the duties that may, unless the viewer may."""
    if not viewer.may(action, access):
        able = "、".join(duty.label for duty in Duty if action.allows(duty, access))
        raise PermissionDenied(f"「{action.title}」は、{able}の役割で使います。")


def needs(action: Action, access: Access = Access.READ) -> Callable[[View[P]], View[P]]:
    """Decorate a view that only duties with this access to that action may open: others read 403 and why."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            require(request.viewer, action, access)
            return view(request, *args, **kwargs)

        return checked

    return decorate
