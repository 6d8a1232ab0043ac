"""The turn of the year, step by step (年度更新)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import clock
from common.access import needs
from common.errors import Refused
from common.fiscal_year import FiscalYear
from common.request import Request
from common.viewer import Access
from subsidies.services.turning import copy_calls

from .. import services
from ..duties import ROLLOVER
from ..models import RolloverStep
from ..rollover import sections_of, year_to_turn

FIRST, LAST = 2000, 2100


@needs(ROLLOVER)
def rollover(request: Request, year: int | None = None) -> HttpResponse:
    """Every step with what it finds; without a year the one whose turn is on."""
    today = clock.today()
    turned = _year(year) if year is not None else year_to_turn(today)
    sections = sections_of(request.viewer, turned)
    context = {
        "year": turned,
        "old": FiscalYear(turned - 1),
        "next": FiscalYear(turned + 1),
        "sections": sections,
        "done": sum(one.done is not None for one in sections),
        "in_parallel": FiscalYear(turned - 1).is_old(today),
    }
    return render(request, "portal/rollover.html", context)


@require_POST
@needs(ROLLOVER, Access.EDIT)
def rollover_step(request: Request, year: int, step: str) -> HttpResponse:
    """Call a step done, or not done after all (`undo`)."""
    if step not in RolloverStep.Step.values:
        raise Http404
    named, turned = RolloverStep.Step(step), _year(year)
    if "undo" in request.POST:
        services.reopen_step(int(turned), named, viewer=request.viewer)
        messages.success(request, f"「{named.label}」を未了に戻しました。")
    else:
        services.finish_step(int(turned), named, viewer=request.viewer, note=request.POST.get("note", ""))
        messages.success(request, f"「{named.label}」を済みにしました。")
    return _back(turned, step)


@require_POST
@needs(ROLLOVER, Access.EDIT)
def rollover_numbers(request: Request, year: int) -> HttpResponse:
    """Open the number sequences of the year."""
    turned = _year(year)
    opened = services.open_numbers(int(turned), viewer=request.viewer)
    messages.success(request, f"{turned.wareki}の番号簿を{opened}件準備しました。")
    return _back(turned, RolloverStep.Step.NUMBERS)


@require_POST
@needs(ROLLOVER, Access.EDIT)
def rollover_calls(request: Request, year: int) -> HttpResponse:
    """Prepare the chosen calls of the year from those of the year before."""
    turned = _year(year)
    chosen = [int(one) for one in request.POST.getlist("call") if one.isdecimal()]
    _told(
        request,
        lambda: copy_calls(
            year=int(turned), chosen=chosen, with_allotments="allotments" in request.POST, viewer=request.viewer
        ),
        turned,
    )
    return _back(turned, RolloverStep.Step.CALLS)


def _told(request: Request, copy: Callable[[], Sequence[object]], year: FiscalYear) -> None:
    try:
        made = copy()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)
    else:
        words = f"{year.wareki}の募集を{len(made)}件準備しました。日程と書類を確かめてから公開してください。"
        messages.success(request, words if made else "新しく準備する募集はありません。募集を選んでください。")


def _year(year: int) -> FiscalYear:
    if not FIRST <= year <= LAST:
        raise Http404
    return FiscalYear(year)


def _back(year: FiscalYear, step: str) -> HttpResponse:
    return redirect(reverse("portal:rollover_year", args=[int(year)]) + f"#{step}")
