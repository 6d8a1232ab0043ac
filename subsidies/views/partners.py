"""連携先を探す: with whom, and with how few changes, could these towns apply? Nothing is saved."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse

from common import clock
from common.access import needs
from common.fiscal_year import FiscalYear
from common.request import Request

from ..duties import MATCHING
from ..partners import kept
from ..partners.finder import LARGEST, SMALLEST, Answer, Finder
from ..picking import choice, home_bureau
from ..questions import BadQuestion
from ..tasks import search_later

SIZES = range(SMALLEST, LARGEST + 1)
DEFAULT_SIZE = 5
SHOWN, MORE = 20, 100
AT_ONCE = {0: 7, 1: 6, 2: 4}
"""By remote towns, the largest sets that are searched while the reader waits (half a second, `bench/partners.py`)."""
REMOTE = [("0", "含めない"), ("1", "1つまで含める"), ("2", "2つまで含める")]


@needs(MATCHING)
def check_partners(request: Request) -> HttpResponse:
    """The question stands in the address; a town that opens the page finds its own partners at once.

    A large search is made by the worker and followed on its page; what was found is kept until rules or data change.
    """
    finder = Finder(settings.PREFECTURE_CODE)
    today = clock.today()
    query = request.GET
    year = query.get("year", "").strip() or FiscalYear.of(today).wareki
    given = _given(query, request)
    running = _running(finder, year)
    raw = {
        "program": query.get("program") or running,
        "fiscal_year": year,
        "given": given,
        "largest": query.get("largest") or max(DEFAULT_SIZE, len(given)),
        "remote": query.get("remote", "").strip(),
        "field": query.get("field", "").strip(),
        "within": query.get("within", "").strip() if query else _own_bureau(request),
        "limit": MORE,
    }
    shown = MORE if query.get("more") else SHOWN
    answer: Answer | None = None
    problem = ""
    try:
        ready = finder.prepare(finder.read(raw))
        found = kept.known(ready)
        if found is None and ready.ask.largest > AT_ONCE[ready.ask.remote]:
            task = search_later(
                raw, prefecture=settings.PREFECTURE_CODE, url=_address(query, raw, given, more=shown == MORE),
                key=ready.key, viewer=request.viewer)  # fmt: skip
            return redirect("portal:task_detail", task.pk)
        if found is None:
            found = ready.run()
            kept.keep(ready, found)
        answer = finder.answer(ready, found, shown)
    except BadQuestion as wrong:
        problem = str(wrong)
    own = request.viewer.office.code if request.viewer.is_municipal or request.viewer.is_bureau else ""
    home = home_bureau(finder.desk.ground, settings.PREFECTURE_CODE, given[0] if given else own, today)
    return render(
        request,
        "subsidies/check_partners.html",
        {
            "answer": answer,
            "problem": problem,
            "raw": raw,
            "choice": choice(finder.desk.ground, settings.PREFECTURE_CODE, home, given, today),
            "ticked": set(given),
            "names": [finder.desk.ground.names[code] for code in given if code in finder.desk.ground.names],
            "programs": [(item.program_id, item.program.short_name) for item in finder.desk.versions(_year(year))],
            "fields": _fields(finder, raw),
            "sizes": SIZES,
            "remotes": REMOTE,
            "lines": _lines(answer),
            "more": _address(query, raw, given, more=True) if answer and answer.listed > len(answer.proposals) else "",
        },
    )


def _given(query: QueryDict, request: Request) -> list[str]:
    """The towns that must take part; a municipality that has not asked yet starts with itself."""
    if not query and request.viewer.is_municipal:
        return [request.viewer.office.code]
    return list(dict.fromkeys(query.getlist("member")))


def _own_bureau(request: Request) -> str:
    return request.viewer.office.code if request.viewer.is_bureau else ""


def _year(text: str) -> FiscalYear:
    try:
        return FiscalYear.parse(text)
    except ValueError:
        return FiscalYear.of(clock.today())


def _running(finder: Finder, year: str) -> str:
    """The program whose rules hold in the year, else the newest."""
    versions = finder.desk.versions(_year(year))
    held = [
        item
        for item in versions
        if item.effective_from_fy <= _year(year)
        and (item.effective_to_fy is None or _year(year) <= item.effective_to_fy)
    ]
    return (held or versions)[-1].program_id if versions else ""


def _fields(finder: Finder, raw: dict[str, Any]) -> tuple[str, ...]:
    try:
        return finder.desk.rules(raw["program"], _year(raw["fiscal_year"])).fields
    except BadQuestion:
        return ()


def _lines(answer: Answer | None) -> list[dict[str, Any]]:
    """The proposals as the page shows them, each with the address where its verdict stands in full."""
    if answer is None:
        return []
    lines = []
    for proposal in answer.proposals:
        query = QueryDict(mutable=True)
        query.setlist("member", [member.code for member in proposal.members])
        query["program"], query["year"] = answer.ask.program, str(int(answer.ask.fiscal_year))
        names = {member.code: member.name for member in (*proposal.members, *proposal.facts.outside)}
        lines.append(
            {
                "members": [(member.name, member.code in answer.ask.given) for member in proposal.members],
                "reasons": proposal.reasons.texts,
                "joining": [names[code] for code in proposal.reasons.joining],
                "result": proposal.verdict.result.value,
                "checked": f"{reverse('subsidies:check')}?{query.urlencode()}",
            }
        )
    return lines


def _address(query: QueryDict, raw: dict[str, Any], given: list[str], *, more: bool) -> str:
    """The address of the same question, with the longer list where `more`."""
    whole = query.copy()
    whole.setlist("member", given)
    for name, key in (("program", "program"), ("year", "fiscal_year"), ("largest", "largest"), ("within", "within")):
        whole[name] = str(raw[key])
    if more:
        whole["more"] = "1"
    return f"{reverse('subsidies:check_partners')}?{whole.urlencode()}"


urls = [path("check/partners/", check_partners, name="check_partners")]
