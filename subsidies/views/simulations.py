"""Simulations of a round's distribution: made, changed by two people at once, compared, adopted (庁内限り)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit
from common.access import require
from common.errors import Refused
from common.merging import Typed
from common.models import AuditEvent
from common.part_views import PartView
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access

from ..budget_round import Round, round_of
from ..comparing_simulations import MOST, comparison_columns, comparison_of, line_columns
from ..duties import BUDGET
from ..forms.simulation import CopyForm, LinesStep, MethodForm, NameForm, NewForm
from ..models import BudgetSimulation, Call, SimulationLine
from ..services import simulations
from ..services.simulations import standing_in_the_way
from ..simulating import balances, changes_since, unexplained, violations
from .acting import acted
from .finding import posted

Trail = list[tuple[str, str]]


def call_for(request: Request, pk: int) -> Call:
    """The call, for whoever may see its budget: 404 where it is not visible, 403 without the duty."""
    rows = Call.objects.visible_to(request.viewer).select_related("program", "ruleset")
    call: Call = get_object_or_404(rows, pk=pk)
    require(request.viewer, BUDGET)
    return call


def trail_of(call: Call) -> Trail:
    return [
        ("募集と配分", reverse("subsidies:call_list")),
        (f"{call.program.short_name} 第{call.round}次の予算", reverse("subsidies:budget_detail", args=[call.pk])),
    ]


def _found(request: Request, pk: int) -> BudgetSimulation:
    rows = BudgetSimulation.objects.visible_to(request.viewer).select_related("call__program", "call__ruleset")
    simulation: BudgetSimulation = get_object_or_404(rows, pk=pk)
    return simulation


def _lines(simulation: BudgetSimulation) -> list[SimulationLine]:
    rows = simulation.lines.select_related("application__region", "application__lead_bureau")
    return sorted(rows, key=lambda row: (row.application.lead_bureau.order, row.application.submitted_at, row.pk))


def _require_preparing(request: Request) -> None:
    if not request.viewer.may(BUDGET, Access.EDIT):
        raise PermissionDenied(simulations.PREPARES)


def simulation_new(request: Request, pk: int) -> HttpResponse:
    """Make a simulation: its name, the method, what is thought."""
    call = call_for(request, pk)
    _require_preparing(request)
    form = NewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = simulations.simulate(
                call_id=pk,
                viewer=request.viewer,
                name=form.cleaned_data["name"],
                note=form.cleaned_data["note"],
                **form.values(),
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"配分案「{made.name}」を作りました。")
            return redirect("subsidies:simulation_detail", made.pk)
    return render(request, "subsidies/simulation_new.html", {"call": call, "form": form})


class SimulationView(PartView):
    """One simulation. Staff write amounts and reasons, saved as they type; everybody else and later reads them."""

    template = "subsidies/simulation_detail.html"
    pieces_shown = ("subsidies/_simulation_state.html",)

    simulation: BudgetSimulation

    def dispatch(self, request: Request, pk: int) -> HttpResponse:  # type: ignore[override]
        self.request, self.simulation = request, _found(request, pk)
        self.lines = _lines(self.simulation)
        self.may_write = request.viewer.may(BUDGET, Access.EDIT)
        if request.method == "POST":
            _require_preparing(request)
        if self.simulation.state != BudgetSimulation.State.OPEN or not self.may_write:
            return self.shown()
        return super().dispatch(request, pk)  # type: ignore[return-value]

    def shown(self) -> HttpResponse:
        """The page to read: it is settled, or this person does not write it."""
        context = self.context(LinesStep(self.lines)) | {"lines": self.lines}
        if self.request.method == "POST":
            messages.warning(self.request, f"「{self.simulation.get_state_display()}」の配分案は変えられません。")
        return render(self.request, "subsidies/simulation_read.html", context)

    def form(self, data: QueryDict | None = None) -> LinesStep:
        return LinesStep(self.lines, data)

    def press(self, typed: Typed) -> Typed:
        """「空いている行に入れる」 writes one reason to every cut line that has none."""
        common = typed.pop("common_reason", [])
        if "even" not in self.request.POST or not common:
            return typed
        empty = {
            f"reason_{line.application_id}": common
            for line in self.lines
            if line.amount_yen < line.requested_yen and f"reason_{line.application_id}" not in typed
        }
        return typed | empty

    def keep(self, form: LinesStep) -> None:  # type: ignore[override]
        simulations.save_lines(
            simulation_id=self.simulation.pk,
            viewer=self.request.viewer,
            revision=self.simulation.revision,
            amounts=form.table.read("amount"),
            reasons=form.table.read("reason"),
        )

    @property
    def revision(self) -> int:
        return self.simulation.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.simulation.updated_at

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.simulation, internal=True).filter(action="simulation.edit")
        return events.exclude(user_id=self.request.viewer.user_id)

    def reload(self) -> None:
        self.simulation = _found(self.request, self.simulation.pk)
        self.lines = _lines(self.simulation)

    def next_url(self) -> str:
        go = self.request.POST.get("go", "")
        if go == "budget":
            return reverse("subsidies:budget_detail", args=[self.simulation.call_id])
        return reverse("subsidies:simulation_detail", args=[self.simulation.pk])

    def context(self, form: LinesStep) -> dict[str, Any]:  # type: ignore[override]
        simulation = self.simulation
        found = round_of(simulation.call)
        amounts = {line.application_id: line.amount_yen for line in self.lines}
        if form.table.is_bound:
            amounts |= form.table.read("amount")
        return _told(found, simulation, self.lines, amounts) | {
            "simulation": simulation,
            "cells": form.table.cells(),
            "method_form": MethodForm(initial={"method": simulation.method, "partial": simulation.partial}),
            "name_form": NameForm(None, simulation),
            "copy_form": CopyForm(None, simulation),
            "may_write": self.may_write,
            "editing": self.may_write and simulation.state == BudgetSimulation.State.OPEN,
            "may_adopt": self.request.viewer.may(BUDGET, Access.SUBMIT),
        }


def _told(
    found: Round, simulation: BudgetSimulation, lines: list[SimulationLine], amounts: dict[int, int]
) -> dict[str, Any]:
    """What the page says of the amounts as they stand: balances, what does not hold, what has changed since."""
    is_open = simulation.state == BudgetSimulation.State.OPEN
    wrong = violations(found, amounts) if is_open else []
    return {
        "balances": [row for row in balances(found, amounts) if row.applications or row.pot.allotted_yen],
        "wrong": wrong,
        "unexplained": unexplained(found, lines) if is_open else [],
        "changed": changes_since(found, lines) if is_open else [],
        "given_yen": sum(amounts.values()),
        "requested_yen": sum(line.requested_yen for line in lines),
        "unit_yen": found.unit_yen,
        "entries": {entry.pk: entry for entry in found.entries},
    }


@require_POST
def simulation_compute(request: Request, pk: int) -> HttpResponse:
    """Compute the amounts anew."""
    form = MethodForm(request.POST)
    return _changed(
        request, pk, form, lambda: simulations.compute(simulation_id=pk, viewer=request.viewer, **form.values()),
        "配分額を計算し直しました。",
    )  # fmt: skip


@require_POST
def simulation_rename(request: Request, pk: int) -> HttpResponse:
    """Change name and note."""
    form = NameForm(request.POST, _found(request, pk))
    return _changed(
        request, pk, form, lambda: simulations.rename(simulation_id=pk, viewer=request.viewer, **form.cleaned_data),
        "名称と考え方を変えました。",
    )  # fmt: skip


def _changed(request: Request, pk: int, form: forms.Form, act: Callable[[], object], done: str) -> HttpResponse:
    """Act on a simulation; what refuses is said on its page."""
    _found(request, pk)
    _require_preparing(request)
    if not acted(request, form, act, done):
        _tell(request, form)
    return redirect("subsidies:simulation_detail", pk)


def _tell(request: Request, form: forms.Form) -> None:
    """Say what is wrong with a form whose page is another one."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))


@require_POST
def simulation_copy(request: Request, pk: int) -> HttpResponse:
    """Make a copy under another name."""
    simulation = _found(request, pk)
    _require_preparing(request)
    form = CopyForm(request.POST, simulation)
    made: list[BudgetSimulation] = []

    def act() -> None:
        made.append(simulations.copy(simulation_id=pk, viewer=request.viewer, **form.cleaned_data))

    if acted(request, form, act, "写しを作りました。"):
        return redirect("subsidies:simulation_detail", made[0].pk)
    _tell(request, form)
    return redirect("subsidies:simulation_detail", pk)


@require_POST
def simulation_discard(request: Request, pk: int) -> HttpResponse:
    """Put a simulation away."""
    simulation = _found(request, pk)
    _require_preparing(request)
    try:
        simulations.discard(simulation_id=pk, viewer=request.viewer)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:simulation_detail", pk)
    messages.success(request, f"配分案「{simulation.name}」を破棄しました。")
    return redirect("subsidies:budget_detail", simulation.call_id)


def simulation_adopt(request: Request, pk: int) -> HttpResponse:
    """Adopt: the decider sees what every application gets and why, and what stands in the way."""
    simulation = _found(request, pk)
    if not request.viewer.may(BUDGET, Access.SUBMIT):
        raise PermissionDenied(simulations.ADOPTS)
    problems: list[str] = []
    if request.method == "POST":
        try:
            simulations.adopt(simulation_id=pk, viewer=request.viewer)
        except Refused as refused:
            problems = refused.problems
            simulation.refresh_from_db()
        else:
            messages.success(request, f"配分案「{simulation.name}」を採用しました。各申請の交付予定額に入りました。")
            return redirect("subsidies:budget_detail", simulation.call_id)
    lines, found = _lines(simulation), round_of(simulation.call)
    is_open = simulation.state == BudgetSimulation.State.OPEN
    amounts = {line.application_id: line.amount_yen for line in lines}
    context = _told(found, simulation, lines, amounts) | {
        "simulation": simulation,
        "lines": lines,
        "problems": problems,
        "in_the_way": standing_in_the_way(found, lines) if is_open else [],
        "own": simulation.authors.filter(pk=request.viewer.user_id).exists(),
        "takes_more": simulation.call.state == Call.State.OPEN,
        "adopted_now": simulation.call.simulations.filter(state=BudgetSimulation.State.ADOPTED).first(),
        "is_open": is_open,
    }
    return render(request, "subsidies/simulation_adopt.html", context, status=422 if problems else 200)


def simulation_export(request: Request, pk: int) -> HttpResponseBase:
    """The lines of one simulation, written out."""
    simulation = _found(request, pk)
    trail = [
        *trail_of(simulation.call),
        (simulation.name, reverse("subsidies:simulation_detail", args=[simulation.pk])),
    ]
    return export_page(request, Export(f"配分案_{simulation.name}", line_columns(), _lines(simulation), trail))


def simulation_compare(request: Request, pk: int) -> HttpResponse:
    """Two to four simulations of the round side by side, the first one as the measure of the others."""
    call = call_for(request, pk)
    standing = list(BudgetSimulation.objects.visible_to(request.viewer).standing().filter(call=call))
    chosen = _chosen(request, standing)
    compared = comparison_of(call, chosen) if len(chosen) > 1 else None
    context = {"call": call, "standing": standing, "chosen": chosen, "compared": compared, "most": MOST}
    return render(request, "subsidies/simulation_compare.html", context)


def comparison_export(request: Request, pk: int) -> HttpResponseBase:
    """The comparison, written out."""
    call = call_for(request, pk)
    chosen = _chosen(request, list(BudgetSimulation.objects.visible_to(request.viewer).standing().filter(call=call)))
    rows = comparison_of(call, chosen).lines
    return export_page(request, Export("配分案の比較", comparison_columns(chosen), rows, trail_of(call)))


def _chosen(request: Request, standing: list[BudgetSimulation]) -> list[BudgetSimulation]:
    """Those the address names, in its order; the first ones where it names none."""
    known = {str(one.pk): one for one in standing}
    named = [known[key] for key in dict.fromkeys(request.GET.getlist("with")) if key in known]
    return (named or standing)[:MOST]


urls = [
    path("calls/<int:pk>/simulations/new/", simulation_new, name="simulation_new"),
    path("calls/<int:pk>/simulations/compare/", simulation_compare, name="simulation_compare"),
    path("calls/<int:pk>/simulations/compare/export/", comparison_export, name="comparison_export"),
    path("simulations/<int:pk>/", SimulationView.as_view(), name="simulation_detail"),
    path("simulations/<int:pk>/compute/", simulation_compute, name="simulation_compute"),
    path("simulations/<int:pk>/rename/", simulation_rename, name="simulation_rename"),
    path("simulations/<int:pk>/copy/", simulation_copy, name="simulation_copy"),
    path("simulations/<int:pk>/discard/", simulation_discard, name="simulation_discard"),
    path("simulations/<int:pk>/adopt/", simulation_adopt, name="simulation_adopt"),
    path("simulations/<int:pk>/export/", simulation_export, name="simulation_export"),
]
