"""Signing in and out, switching posts, changing one's password."""

from __future__ import annotations

from typing import cast

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.access import needs
from common.request import Request
from common.sheets.exporting import Export, export_page

from .. import services
from ..duties import PEOPLE
from ..exports import person_columns
from ..forms import PasswordForm, SignInForm
from ..models import Post, User
from ..querysets import PostQuerySet
from ..samples import sample_groups
from ..viewers import SESSION_KEY

PER_PAGE = 50
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for username and password; in a demo also offer the sample people."""
    way_back = _way_back(request)
    if request.user.is_authenticated and request.method == "GET":
        return redirect(way_back)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        try:
            return form.login(request, redirect_url=way_back)
        except ImmediateHttpResponse as answer:
            return answer.response
    context = {
        "form": form,
        "way_back": way_back,
        "expired": request.method == "GET" and "expired" in request.GET,
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "groups": sample_groups() if settings.DEMO else [],
    }
    return render(request, "accounts/sign_in.html", context)


@login_not_required
@never_cache
@require_POST
def sample_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a sample person by one click; only where a demo runs."""
    try:
        user = services.sign_in_demo(request.POST.get("username", ""))
    except (PermissionDenied, User.DoesNotExist) as refused:
        raise Http404 from refused
    login(request, user, backend=BACKEND)
    request.session.set_expiry(0)
    return redirect(_way_back(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, "サインアウトしました。")
    return redirect("accounts:sign_in")


@require_POST
def post_switch(request: Request) -> HttpResponse:
    """Wear another of one's posts; the choice lasts as long as the session."""
    chosen = next((one for one in request.viewers if one.post_key == request.POST.get("office")), None)
    if chosen is None:
        raise Http404
    request.session[SESSION_KEY] = chosen.post_key
    services.switch_post(chosen)
    role = f"{chosen.deputy_for.name}さんの代理" if chosen.deputy_for else "担当"
    messages.success(request, f"{chosen.office.full_name}の{role}に切り替えました。")
    return redirect("/")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password_change(request: Request) -> HttpResponse:
    """Change one's own password; the session goes on, others of the same person end."""
    user = cast(User, request.user)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(request.viewer, user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, "パスワードを変更しました。")
        return redirect("/")
    return render(request, "accounts/password_change.html", {"form": form})


@needs(PEOPLE)
def person_list(request: Request) -> HttpResponse:
    """Who holds which duty today, in the offices this person may look up."""
    page = Paginator(_posts(request), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/person_list.html", {"page_obj": page, "words": _words(request)})


@needs(PEOPLE)
def person_export(request: Request) -> HttpResponseBase:
    """The posts of the list, all pages, written out."""
    trail = [("利用者と役割", reverse("accounts:person_list"))]
    return export_page(request, Export("利用者一覧", person_columns(), _posts(request), trail))


def _posts(request: Request) -> PostQuerySet:
    return Post.objects.held(clock.today()).visible_to(request.viewer).named(_words(request)).for_list()


def _words(request: Request) -> str:
    return request.GET.get("q", "").strip()


def _way_back(request: HttpRequest) -> str:
    """Return the page to go to after signing in: the one asked for, if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}) else "/"
