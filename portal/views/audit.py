"""操作の記録: who did what, for those who must be able to look it up."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from common.access import needs
from common.fiscal_year import parse_day
from common.models import AuditEvent
from common.request import Request
from common.sheets.exporting import Export, export_page

from ..audit_log import changes_of, events_visible_to, find, subject_of
from ..duties import AUDIT_LOG
from ..exports import audit_columns

PER_PAGE = 50


class DayText(forms.CharField):
    """A day in 和暦 or Western form, or nothing."""

    def clean(self, value: str) -> object:
        """Raises ValidationError with the sentence of the parser."""
        text = super().clean(value)
        try:
            return parse_day(text) if text else None
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class LogForm(forms.Form):
    """Words and days."""

    q = forms.CharField(label="氏名・行為・申請番号", required=False)
    since = DayText(label="いつから", required=False, widget=forms.TextInput(attrs={"size": 14}))
    until = DayText(label="いつまで", required=False, widget=forms.TextInput(attrs={"size": 14}))


@needs(AUDIT_LOG)
def audit_list(request: Request) -> HttpResponse:
    """Events, newest first; with a wrong day the form says so and nothing is narrowed."""
    form = LogForm(request.GET or None)
    events = _found(form, request)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(event, *subject_of(event, request.viewer), changes_of(event)) for event in page.object_list]
    return render(request, "portal/audit_list.html", {"form": form, "page_obj": page, "rows": rows})


@needs(AUDIT_LOG)
def audit_export(request: Request) -> HttpResponseBase:
    """The events of the list up to now, all pages, written out; the export itself is the next event."""
    events = _found(LogForm(request.GET or None), request)
    events = events.filter(pk__lte=events.values_list("pk", flat=True).first() or 0)
    trail = [("操作の記録", reverse("portal:audit_list"))]
    return export_page(request, Export("操作の記録", audit_columns(request.viewer), events, trail))


def _found(form: LogForm, request: Request) -> QuerySet[AuditEvent]:
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {"q": "", "since": None, "until": None}
    return find(events_visible_to(request.viewer), asked["q"], asked["since"], asked["until"])
