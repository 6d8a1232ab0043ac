"""The rules of a draft: their order, on and off, combined and taken apart; one rule in all its words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse

from common.errors import Conflict, Refused
from common.part_views import Posted
from common.request import Request

from ...forms.studio import CombineForm, RuleForm
from ...models import RuleSetVersion
from ...rules.kinds import KINDS
from ...rules.parameters import PARAMETERS
from ...rules.ruleset import STAGE_LABELS
from ...services import studio
from ...studio import content as edit
from ...studio.catalogue import catalogue, usual_row
from ...studio.content import Content, Raw, combine_of, given, places, row_at
from ...studio.difference import COMBINE_LABELS, filled, severity_text, when_text
from .frame import DesignView, OneForm, draft_for, page, revision_of


def studio_rules(request: Request, pk: int) -> HttpResponseBase:
    """Every rule in its order; the buttons move, switch, combine, take apart and remove."""
    version = draft_for(request, pk)
    taken = _ids(version.content)
    if request.method != "POST":
        return _list(request, version, CombineForm(taken=taken))
    act, _, address = request.POST.get("act", "").partition(":")
    form = CombineForm(request.POST if act == "combine" else None, taken=taken)
    if act == "combine" and not form.is_valid():
        return _list(request, version, form, status=422)
    try:
        title, change = _change(request, act, address, form)
        studio.change(version_id=pk, viewer=request.viewer, revision=revision_of(request), title=title, by=change)
    except (Conflict, Refused) as refused:
        for problem in refused.problems:
            messages.error(request, problem)
        return _list(request, draft_for(request, pk), form, status=422)
    messages.success(request, f"{title}しました。")
    return redirect("subsidies:studio_rules", pk)


def _change(request: Request, act: str, address: str, form: CombineForm) -> tuple[str, Any]:
    """What a button does, in words and as a change of the content."""
    match act:
        case "on" | "off":
            word = "使うことに" if act == "on" else "使わないことに"
            return f"要件{address}を{word}", lambda content: edit.switched(content, address, on=act == "on")
        case "up" | "down":
            by = -1 if act == "up" else 1
            return f"要件{address}を移動", lambda content: edit.moved(content, address, by)
        case "turn":
            return f"要件{address}の組合せ方を変更", lambda content: edit.turned(content, address)
        case "apart":
            return f"要件{address}の組合せを解除", lambda content: edit.taken_apart(content, address)
        case "remove":
            return f"要件{address}を削除", lambda content: edit.without(content, address)
        case "combine":
            chosen = request.POST.getlist("chosen")
            cleaned = form.cleaned_data
            head = {key: cleaned[key] for key in ("id", "title", "wording", "source")}

            def join(content: Content) -> Content:
                first: Raw = next((row for row in content.get("rules") or [] if row.get("id") in chosen), {})
                place = {key: first[key] for key in ("stage", "judged_at") if key in first}
                return edit.combined(content, chosen, head | place, cleaned["combine"])

            return f"要件{cleaned['id']}に組合せを作成", join
    raise Http404


def _ids(content: Content) -> list[str]:
    return [place.row["id"] for place in places(content) if place.row.get("id")]


def _list(request: Request, version: RuleSetVersion, form: CombineForm, *, status: int = 200) -> HttpResponse:
    rows = [
        {
            "place": place,
            "wording": _with_values(place.row.get("wording", ""), version.content),
            "kind": KINDS.get(str(place.row.get("kind"))),
            "combine": COMBINE_LABELS.get(place.combine, ""),
            "stage": STAGE_LABELS.get(place.row.get("stage", ""), ""),
            "severity": severity_text(str(place.row.get("severity", "block"))),
            "when": when_text(place.row.get("when") or {}),
            "on": place.row.get("enabled", True),
        }
        for place in places(version.content)
    ]
    return page(request, "rules.html", version, {"tab": "studio_rules", "rows": rows, "form": form}, status=status)


def _with_values(text: str, content: Content) -> str:
    """A wording with the numbers of the draft; a number that is not set keeps its name in brackets."""

    def shown(match: re.Match[str]) -> str:
        parameter = PARAMETERS.get(match[1])
        now = given(content, parameter) if parameter else None
        if parameter is None or now is None or not now.is_set or now.problem:
            return filled(match[0])
        return parameter.show(now.value)

    return re.sub(r"\{(\w+)\}", shown, text)


def studio_rule_new(request: Request, pk: int) -> HttpResponseBase:
    """Add a rule: first its kind, then its words and numbers. `within` names a combination that it joins."""
    version = draft_for(request, pk)
    within = request.GET.get("within", "")
    kind = KINDS.get(request.GET.get("kind", ""))
    if kind is None:
        context = {"tab": "studio_rules", "catalogue": catalogue(version.content), "within": within}
        return page(request, "rule_kinds.html", version, context)
    return RuleView.as_view()(request, pk)  # type: ignore[return-value]


def _known_contents(version: RuleSetVersion) -> list[Content]:
    """What other versions say, the newest first: how a kind is usually written is taken from them."""
    rows = RuleSetVersion.objects.published_ever().exclude(pk=version.pk).order_by("-effective_from_fy", "-version")
    return list(rows.values_list("content", flat=True))


class RuleView(DesignView):
    """One rule in all its words: a rule of the draft by its address, or a new one of the kind that was chosen."""

    tab = "studio_rules"
    template = "subsidies/studio/rule.html"

    address = ""

    def dispatch(self, request: Request, pk: int, address: str = "", **more: Any) -> HttpResponse:  # type: ignore[override]
        self.address = address
        return super().dispatch(request, pk, **more)

    @cached_property
    def within(self) -> str:
        """The combination that a new rule joins."""
        return "" if self.address else self.request.GET.get("within", "")

    @cached_property
    def row(self) -> Raw:
        if not self.address:
            return usual_row(KINDS[self.request.GET["kind"]], self.version.content, _known_contents(self.version))
        try:
            return row_at(self.version.content, self.address)
        except Refused as gone:
            raise Http404(str(gone)) from gone

    def form(self, data: QueryDict | None = None) -> OneForm:
        content = self.version.content
        place = next((one for one in places(content) if one.address == self.address), None)
        part = bool(self.within) or bool(place and place.depth)
        kind = KINDS.get(str(self.row.get("kind")))
        return OneForm(RuleForm(data, kind=kind, row=self.row, content=content, part=part, taken=_ids(content)))

    def changed(self, form: Any) -> Callable[[Content], Content]:
        typed: RuleForm = form.form
        if not typed.is_valid():
            return lambda content: content
        if self.address:
            return lambda content: edit.with_row(content, self.address, typed.raw())
        return lambda content: edit.with_added(content, typed.raw(), self.within)

    def title(self, form: Any) -> str:
        name = form.form.cleaned_data["id"] or self.address or self.within
        return f"要件{name}を{'変更' if self.address else '追加'}"

    def try_to_save(self, posted: Posted) -> None:
        """A new rule is added even where nothing of what was proposed has been changed."""
        if not self.address:
            posted.latest = {}
        super().try_to_save(posted)

    def next_url(self) -> str:
        return reverse("subsidies:studio_rules", args=[self.version.pk])

    def context(self, form: Any) -> dict[str, Any]:
        words: RuleForm = form.form
        return {
            "form": words,
            "kind": KINDS.get(str(self.row.get("kind"))),
            "row": self.row,
            "address": self.address,
            "within": self.within,
            "combine": COMBINE_LABELS.get(combine_of(self.row), ""),
            "preview": _with_values(str(words["wording"].value() or ""), self.version.content),
            "names": [
                (name, parameter.label)
                for name, parameter in PARAMETERS.items()
                if name in (self.version.content.get("parameters") or {})
            ],
            "when": when_text(self.row.get("when") or {}),
        }


urls = [
    path("studio/<int:pk>/rules/", studio_rules, name="studio_rules"),
    path("studio/<int:pk>/rules/new/", studio_rule_new, name="studio_rule_new"),
    path("studio/<int:pk>/rules/edit/<str:address>/", RuleView.as_view(), name="studio_rule"),
]
