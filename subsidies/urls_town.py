"""Addresses of the municipal side: calls, the wizard, the check, consent, the application itself."""

from django.urls import URLPattern

from .views import detail

urls: list[URLPattern] = [*detail.urls]
