"""The last move of a view that acts: one service, then the next page, or the form again with what refuses."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages

from common.errors import Refused
from common.request import Request


def acted(request: Request, form: forms.Form, act: Callable[[], object], done: str) -> bool:
    """Act if a valid form was posted, and say that it is done; what refuses is told by the form, which stays as typed.

    False where the page is to be shown: it was only opened, something is wrong with the form, or the service refused.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, refused.problems)
        return False
    messages.success(request, done)
    return True
