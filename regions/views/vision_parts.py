"""The parts in which a vision is written; each is saved alone, by itself where there is a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.errors import Refused
from common.merging import Typed
from common.models import AuditEvent
from common.part_forms import StepForm
from common.part_views import PartView
from common.request import Request
from common.viewer import Access
from municipalities.models import Municipality

from .. import services
from ..forms.vision_parts import AddItemForm, CostPart, ItemPartForm, TextsPart
from ..membership import member_codes, members_on
from ..models import Vision, VisionProject
from ..vision_check import Lack, lacks
from ..vision_facts import FactSentence, fact_sentences
from .common import require_planner, vision_or_404

PARTS = (
    ("texts", "将来像・課題", "regions:vision_edit"),
    ("items", "取組", "regions:vision_items"),
    ("costs", "事業費", "regions:vision_costs"),
    ("kpi", "KPI", "regions:vision_kpis"),
    ("check", "確認", "regions:vision_check"),
)
ADDRESS = {slug: view for slug, _, view in PARTS}
FROZEN = "「{}」のビジョンは書き換えられません。内容を表示します。"


@dataclass(frozen=True)
class Stop:
    """One part in the line at the top."""

    title: str
    note: str
    done: bool
    current: bool
    url: str


def writable(request: Request, pk: int) -> Vision | HttpResponse:
    """The version to write in; where it is adopted, or a zone's vision stands for it, the answer that leads on."""
    vision = vision_or_404(request, pk, Access.EDIT)
    require_planner(request, vision.region)
    if not vision.is_open:
        messages.warning(request, FROZEN.format(vision.get_state_display()))
        return redirect("regions:vision_detail", pk)
    if vision.equivalent_zone_id:
        return redirect("regions:equivalent_edit", pk)
    return vision


def frame_of(vision: Vision, slug: str) -> dict[str, Any]:
    """What every part shows: the parts with what they lack, and where one comes from and goes to."""
    missing = lacks(vision, clock.today())
    names = [name for name, _, _ in PARTS]
    at = names.index(slug)
    return {
        "vision": vision,
        "region": vision.region,
        "part": slug,
        "part_title": PARTS[at][1],
        "steps": [_stop(vision, name, title, slug, missing) for name, title, _ in PARTS],
        "missing": missing,
        "must": [one for one in missing if one.must],
        "previous": PARTS[at - 1] if at else None,
        "next": PARTS[at + 1] if at + 1 < len(PARTS) else None,
        "addresses": [(name, reverse(view, args=[vision.pk])) for name, view in ADDRESS.items()],
    }


def _stop(vision: Vision, name: str, title: str, slug: str, missing: list[Lack]) -> Stop:
    here, open_ = name == slug, sum(one.part == name for one in missing)
    note = "入力中" if here else f"あと{open_}" if open_ else "" if name == "check" else "入力済み"
    done = not here and not open_ and name != "check"
    return Stop(title, note, done, here, reverse(ADDRESS[name], args=[vision.pk]))


class VisionPart(PartView):
    """A part with a form. A subclass names it, builds its form and saves it by one service."""

    slug: ClassVar[str]
    pieces_shown = ("regions/vision/_lacks.html",)
    vision: Vision

    def dispatch(self, request: Request, pk: int, **kwargs: int) -> HttpResponse:  # type: ignore[override]
        found = writable(request, pk)
        if isinstance(found, HttpResponse):
            return found
        self.request, self.vision = request, found
        return super().dispatch(request, pk, **kwargs)  # type: ignore[return-value]

    @property
    def revision(self) -> int:
        return self.vision.revision

    @property
    def saved_at(self) -> datetime | None:
        return self.vision.updated_at

    def reload(self) -> None:
        self.vision = vision_or_404(self.request, self.vision.pk, Access.EDIT)

    def saves_of_others(self) -> QuerySet[AuditEvent]:
        events = audit.timeline(self.vision, internal=False).filter(action="vision.edit")
        return events.exclude(user_id=self.request.viewer.user_id)

    def frame(self, base: Typed) -> dict[str, Any]:
        return super().frame(base) | frame_of(self.vision, self.slug)

    def next_url(self) -> str:
        go = self.request.POST.get("go", "")
        if go == "leave":
            return reverse("regions:vision_detail", args=[self.vision.pk])
        return reverse(ADDRESS[go], args=[self.vision.pk]) if go in ADDRESS else self.request.path


class TextsView(VisionPart):
    """将来像・課題・目指す姿, with sentences of the region's numbers to put in."""

    slug = "texts"
    template = "regions/vision/texts.html"

    @cached_property
    def sentences(self) -> list[FactSentence]:
        return fact_sentences(member_codes(self.vision.region_id, clock.today()))

    def form(self, data: QueryDict | None = None) -> TextsPart:
        return TextsPart(self.vision, data)

    def press(self, typed: Typed) -> Typed:
        """「課題に入れる」 puts a sentence of numbers at the end of what is written there."""
        wanted = self.request.POST.get("add", "")
        texts = [one.text for one in self.sentences if wanted in (one.key, "all")] if wanted else []
        if not texts:
            return typed
        before = typed.get("issues", [""])[0].rstrip()
        new = [text for text in texts if text not in before]
        return typed | {"issues": ["\n".join(filter(None, [before, *new]))]}

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, TextsPart)
        services.save_vision_texts(
            self.vision.pk, form.typed, revision=self.vision.revision, viewer=self.request.viewer
        )

    def next_url(self) -> str:
        added = "add" in self.request.POST
        return f"{self.request.path}#id_issues" if added else super().next_url()

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"sentences": self.sentences if not self.request.htmx else []}


class ItemView(VisionPart):
    """One initiative: outline, roles, field, secretariat, participants."""

    slug = "items"
    template = "regions/vision/item.html"
    item: VisionProject

    def dispatch(self, request: Request, pk: int, item: int) -> HttpResponse:  # type: ignore[override]
        vision = vision_or_404(request, pk, Access.EDIT)
        rows = vision.items.select_related("project").prefetch_related(
            "parts__municipality", "project__fields", "project__participants"
        )
        self.item = get_object_or_404(rows, pk=item)
        return super().dispatch(request, pk, item=item)

    def reload(self) -> None:
        super().reload()
        self.item = self.vision.items.select_related("project").get(pk=self.item.pk)

    @cached_property
    def towns(self) -> list[Municipality]:
        region = self.vision.region_id
        members = [row.municipality for row in members_on([region], clock.today())[region]]
        former = [row.municipality for row in self.item.parts.all()]
        return sorted({town.pk: town for town in [*members, *former]}.values(), key=lambda town: town.pk)

    def form(self, data: QueryDict | None = None) -> ItemPartForm:
        return ItemPartForm(self.item, self.towns, data)

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, ItemPartForm)
        services.save_vision_item(
            self.vision.pk, self.item.pk, form.typed, revision=self.vision.revision, viewer=self.request.viewer
        )

    def context(self, form: StepForm) -> dict[str, Any]:
        rows = list(self.vision.items.select_related("project"))
        at = next(place for place, row in enumerate(rows) if row.pk == self.item.pk)
        return {
            "item": self.item,
            "others": rows,
            "number": at + 1,
            "following": rows[at + 1] if at + 1 < len(rows) else None,
        }

    def next_url(self) -> str:
        go = self.request.POST.get("go", "")
        if go.isdigit() and self.vision.items.filter(pk=go).exists():
            return reverse("regions:vision_item", args=[self.vision.pk, go])
        return super().next_url()


class CostsView(VisionPart):
    """事業費: initiative × fiscal year in 千円; cells come from a spreadsheet by paste."""

    slug = "costs"
    template = "regions/vision/costs.html"

    def form(self, data: QueryDict | None = None) -> CostPart:
        items = list(self.vision.items.select_related("project").prefetch_related("costs"))
        return CostPart(self.vision, items, data)

    def keep(self, form: StepForm) -> None:
        assert isinstance(form, CostPart)
        services.save_vision_costs(
            self.vision.pk, form.typed, revision=self.vision.revision, viewer=self.request.viewer
        )

    def context(self, form: StepForm) -> dict[str, Any]:
        return {"live_piece": "regions/vision/_sums.html"}


def vision_items(request: Request, pk: int) -> HttpResponse:
    """The initiatives of the version in their order; one is added, moved or taken out."""
    vision = writable(request, pk)
    return vision if isinstance(vision, HttpResponse) else _items(request, vision)


@require_POST
def vision_item_add(request: Request, pk: int) -> HttpResponse:
    """List an initiative and open it to be written."""
    vision = writable(request, pk)
    if isinstance(vision, HttpResponse):
        return vision
    form = AddItemForm(request.POST, vision=vision, listed=vision.items.values_list("project", flat=True))
    if form.is_valid():
        try:
            item = services.add_vision_item(vision.pk, form.chosen, revision=_revision(request), viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("regions:vision_item", pk, item.pk)
    return _items(request, vision, form, status=422)


@require_POST
def vision_item_move(request: Request, pk: int, item: int) -> HttpResponse:
    """Put an initiative one place up or down."""
    vision = writable(request, pk)
    if isinstance(vision, HttpResponse):
        return vision
    up = request.POST.get("to") == "up"
    _try(request, lambda: services.move_vision_item(
        pk, item, up=up, revision=_revision(request), viewer=request.viewer
    ))  # fmt: skip
    return HttpResponseRedirect(reverse("regions:vision_items", args=[pk]) + f"#item-{item}")


@require_POST
def vision_item_remove(request: Request, pk: int, item: int) -> HttpResponse:
    """Take an initiative out of the version."""
    vision = writable(request, pk)
    if isinstance(vision, HttpResponse):
        return vision
    _try(request, lambda: services.remove_vision_item(pk, item, revision=_revision(request), viewer=request.viewer))
    return redirect("regions:vision_items", pk)


def vision_kpis(request: Request, pk: int) -> HttpResponse:
    """The indicators of each initiative as they stand; they belong to the initiative and are written there."""
    vision = writable(request, pk)
    if isinstance(vision, HttpResponse):
        return vision
    items = vision.items.select_related("project").prefetch_related("project__kpis")
    return render(request, "regions/vision/kpis.html", frame_of(vision, "kpi") | {"items": items})


def vision_check(request: Request, pk: int) -> HttpResponse:
    """What is still missing, the paper as a draft, and what comes next."""
    vision = writable(request, pk)
    if isinstance(vision, HttpResponse):
        return vision
    return render(request, "regions/vision/check.html", frame_of(vision, "check"))


def _items(request: Request, vision: Vision, form: AddItemForm | None = None, *, status: int = 200) -> HttpResponse:
    items = list(vision.items.select_related("project__main_field", "project__secretariat").prefetch_related("costs"))
    listed = [item.project_id for item in items]
    frame = frame_of(vision, "items")
    lacking: dict[int, list[Lack]] = {}
    for one in frame["missing"]:
        if one.item is not None:
            lacking.setdefault(one.item, []).append(one)
    rows = [
        {"item": item, "total": sum(cost.amount_yen for cost in item.costs.all()), "open": lacking.get(item.pk, [])}
        for item in items
    ]
    context = frame | {"rows": rows, "form": form or AddItemForm(vision=vision, listed=listed)}
    return render(request, "regions/vision/items.html", context, status=status)


def _revision(request: Request) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdigit() else 0


def _try(request: Request, service: Any) -> None:
    try:
        service()
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem)


_EDIT = "visions/<int:pk>/edit/"
urls = [
    path(_EDIT, TextsView.as_view(), name="vision_edit"),
    path(f"{_EDIT}items/", vision_items, name="vision_items"),
    path(f"{_EDIT}items/add/", vision_item_add, name="vision_item_add"),
    path(f"{_EDIT}items/<int:item>/", ItemView.as_view(), name="vision_item"),
    path(f"{_EDIT}items/<int:item>/move/", vision_item_move, name="vision_item_move"),
    path(f"{_EDIT}items/<int:item>/remove/", vision_item_remove, name="vision_item_remove"),
    path(f"{_EDIT}costs/", CostsView.as_view(), name="vision_costs"),
    path(f"{_EDIT}kpis/", vision_kpis, name="vision_kpis"),
    path(f"{_EDIT}check/", vision_check, name="vision_check"),
]
