"""From which address a request comes, also behind the proxies of the closed network."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address; proxies are trusted as far as ALLAUTH_TRUSTED_PROXY_COUNT says."""
    return str(get_adapter().get_client_ip(request))
