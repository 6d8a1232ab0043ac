"""Sign-ins, refusals and sign-outs reach the audit chain from wherever they happen.

A request that came over no network (a command, a test client that is simply told who it is) is no sign-in.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from . import services
from .client_ip import client_address
from .models import User
from .viewers import viewer_for


@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
    if address := _address(request):
        services.note_sign_in(user, address)


@receiver(user_logged_out)
def _signed_out(sender: Any, request: HttpRequest, user: User | None, **more: Any) -> None:
    if user is not None:
        worn = getattr(request, "viewer", None) or viewer_for(user, None, _address(request))[0]
        services.note_sign_out(worn)


@receiver(user_login_failed)
def _refused(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    services.note_refusal(str(credentials.get("username", "")), _address(request))


def _address(request: HttpRequest | None) -> str:
    """Return the address a request came from; nothing for one that was made up."""
    return client_address(request) if request is not None and request.META.get("REMOTE_ADDR") else ""
