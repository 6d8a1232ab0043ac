"""The technical admin site: Django's own, reachable for system administrators (AD) alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from common.viewer import Duty

LEFT_OUT = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class PortalAdminSite(AdminSite):
    """Signing in and out is the portal's; whoever is not an administrator reads 404."""

    site_header = site_title = "広域連携ポータル システム管理"
    index_title = "基礎データ"
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.viewer.has(Duty.AD))  # type: ignore[attr-defined]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def hidden_from_others(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return hidden_from_others

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take the models of our rooms; what libraries would register (groups, mail addresses) has no place here."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if not model.__module__.startswith(("django.", "allauth."))]
        if ours:
            super().register(ours, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [one for one in super().get_urls() if getattr(one, "name", None) not in LEFT_OUT]
