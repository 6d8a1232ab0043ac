"""How allauth signs people in here: by username and password, locked out after too many failures, nothing else."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from . import services

LOCK_SECONDS = 5 * 60


class PortalAccountAdapter(DefaultAccountAdapter):
    """Japanese refusals, an audit event for each lock-out, and no way to open an account oneself."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "利用者名またはパスワードが違います。",
        "too_many_login_attempts": (
            "サインインの失敗が続いたため、しばらくの間サインインできません。5分ほどおいてから、もう一度お試しください。"
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the start page is the answer to a sign-in."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the person if she may still sign in; whoever left reads the same as for a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse further attempts while a username or an address is locked out; write that down once a lock."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            username, address = credentials.get("username", ""), self.get_client_ip(request)
            if cache.add(f"locked-out:{username.casefold()}:{address}"[:200], 1, LOCK_SECONDS):
                services.note_lock_out(username, address)
            raise
