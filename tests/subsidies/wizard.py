"""Helps for tests that go through the wizard: the page's own form as a browser would post it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from subsidies.models import Application

INPUT = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<input|<select|<textarea|$)", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def address(application: Application, step: str) -> str:
    return reverse(f"subsidies:draft_{step}", args=[application.pk])


def fields(page: HttpResponse) -> dict[str, list[str]]:
    """What a browser would post from the form `step` if nobody touched it."""
    html = page.content.decode()
    form = html[html.index('id="step"') : html.index("</form>", html.index('id="step"'))]
    found: dict[str, list[str]] = {}
    for tag, attributes, rest in INPUT.findall(form):
        given = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
        name = given.get("name")
        if not name or given.get("type") == "file":
            continue
        if tag == "input" and given.get("type") in ("checkbox", "radio") and "checked" not in given:
            continue
        value = given.get("value", "on" if given.get("type") == "checkbox" else "")
        if tag == "textarea":
            value = unescape(rest.split("</textarea>")[0]).removeprefix("\n")
        if tag == "select":
            chosen = re.search(r'<option value="([^"]*)"[^>]*selected', rest.split("</select>")[0])
            value = unescape(chosen[1]) if chosen else ""
        found.setdefault(name, []).append(value)
    return found


def post(client: Client, application: Application, step: str, page: HttpResponse | None = None, **typed: Any) -> Any:
    """Post the step as it was shown, with what was typed; a name with `__` stands for `-` (`costs__0__amount_yen`)."""
    shown = fields(page or client.get(address(application, step)))
    for name, text in typed.items():
        shown[name.replace("__", "-")] = text if isinstance(text, list) else [str(text)]
    return client.post(address(application, step), shown)
