"""The forms of a step as workbooks: taken out here, brought back through the import pages."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from common import clock
from common.request import Request
from common.sheets.exporting import download

from ...resources import CostSheet, KpiSheet
from ...services import drafts
from ...sheet_forms import FORMS
from ..finding import application_for

TITLES = {"costs": CostSheet.title, "kpi": KpiSheet.title}


def draft_form(request: Request, pk: int, step: str) -> HttpResponseBase:
    """The cost lines (`costs`) or the KPI plan (`kpi`) as they stand, to be filled in offline."""
    application = application_for(request, pk)
    if step not in FORMS:
        raise Http404
    if not drafts.may_write(application, request.viewer):
        raise PermissionDenied(drafts.WRITES)
    if not application.editable:
        messages.warning(request, f"「{application.get_state_display()}」の申請は書き換えられません。")
        return redirect("subsidies:application_detail", pk)
    drafts.note_form(application, request.viewer, TITLES[step])
    name = f"{TITLES[step]}_{application.number}_{clock.today():%Y%m%d}"
    return download(name, FORMS[step](application))
