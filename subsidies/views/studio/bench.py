"""The test bench of a ruleset: worked examples, replay of the history, reach over the prefecture."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ...duties import STUDIO
from ...forms.studio_bench import ExampleForm
from ...models import BenchRun, RuleSetVersion
from ...rules.ruleset import RuleSetError
from ...services import examples as services
from ...studio.bench_pages import last_run, reach_map, replay_page
from ...studio.examples import run_all
from ...studio.own_examples import own_outcomes
from ...tasks import bench_later
from .frame import page, version_for


def studio_bench(request: Request, pk: int) -> HttpResponse:
    """計算例: the examples of the specification and the program's own, expected beside actual."""
    version = version_for(request, pk, Access.EDIT if request.method == "POST" else Access.READ)
    form = ExampleForm(request.POST if request.method == "POST" else None, content=version.content)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_example(version_id=pk, viewer=request.viewer, values=form.values())
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, "計算例を追加しました。")
            return redirect("subsidies:studio_bench", pk)  # type: ignore[return-value]
    return _examples(request, version, form)


def _examples(request: Request, version: RuleSetVersion, form: ExampleForm) -> HttpResponse:
    context: dict[str, Any] = {"tab": "studio_bench", "form": form, "may_add": request.viewer.may(STUDIO, Access.EDIT)}
    try:
        outcomes = run_all(version.content)
        context["own"] = own_outcomes(version)
    except (RuleSetError, KeyError):
        context["unready"] = True
        return page(request, "bench.html", version, context)
    family = _family(version)
    context["groups"] = [
        (title, rows, [row.agrees for row in rows])
        for title, rows in (
            ("この制度のための計算例", [row for row in outcomes if row.program in family]),
            ("ほかの制度のための計算例", [row for row in outcomes if row.program not in family]),
        )
        if rows
    ]
    return page(request, "bench.html", version, context, status=422 if form.errors else 200)


def _family(version: RuleSetVersion) -> set[str]:
    """The program itself and the one it was copied from."""
    return {version.program_id, *({version.based_on.program_id} if version.based_on else ())}


@require_POST
def studio_example_remove(request: Request, pk: int, example: int) -> HttpResponseBase:
    """Ask one of the program's own examples no longer."""
    version_for(request, pk, Access.EDIT)
    try:
        services.remove_example(version_id=pk, viewer=request.viewer, example_id=example)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "計算例を取りやめました。")
    return redirect("subsidies:studio_bench", pk)


def studio_replay(request: Request, pk: int) -> HttpResponseBase:
    """過去の支援で確かめる: every past region-year under this version, beside what held then."""
    version = version_for(request, pk)
    if request.method == "POST":
        return _run(request, version, BenchRun.Kind.REPLAY)
    run, fresh = last_run(version, BenchRun.Kind.REPLAY)
    context = {"tab": "studio_replay", "run": run, "fresh": fresh, "may_run": _may_run(request)}
    if run:
        context |= replay_page(run.result, request.GET.get("result", ""))
    return page(request, "replay.html", version, context)


def studio_reach(request: Request, pk: int) -> HttpResponseBase:
    """対象になる市町村: which could be in at least one eligible region, on the map and by office."""
    version = version_for(request, pk)
    if request.method == "POST":
        return _run(request, version, BenchRun.Kind.REACH)
    run, fresh = last_run(version, BenchRun.Kind.REACH)
    context = {"tab": "studio_reach", "run": run, "fresh": fresh, "may_run": _may_run(request)}
    if run:
        context |= reach_map(run.result, settings.PREFECTURE_CODE)
    return page(request, "reach.html", version, context)


def _may_run(request: Request) -> bool:
    return request.viewer.may(STUDIO, Access.EDIT) or request.viewer.may(STUDIO, Access.SUBMIT)


def _run(request: Request, version: RuleSetVersion, kind: str) -> HttpResponseBase:
    """Queue the work and follow it; the decider may test what she is asked to publish."""
    if not request.viewer.may(STUDIO, Access.SUBMIT):
        version_for(request, version.pk, Access.EDIT)
    url = reverse(f"subsidies:studio_{kind}", args=[version.pk])
    task = bench_later(version, kind, url=url, viewer=request.viewer)
    return redirect("portal:task_detail", task.pk)


urls = [
    path("studio/<int:pk>/bench/", studio_bench, name="studio_bench"),
    path("studio/<int:pk>/bench/<int:example>/remove/", studio_example_remove, name="studio_example_remove"),
    path("studio/<int:pk>/replay/", studio_replay, name="studio_replay"),
    path("studio/<int:pk>/reach/", studio_reach, name="studio_reach"),
]
