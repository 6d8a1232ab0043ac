"""What the tests of the review's pages share: its addresses, its text, the state it leaves."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from subsidies.models import Application


def url(name: str, *args: object) -> str:
    return reverse(f"subsidies:application_{name}", args=args)


def read(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def state_of(application: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)
