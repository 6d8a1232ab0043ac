"""A page that saves one part of a thing that several people write: find, merge, save by one service, answer.

A part works by plain forms and buttons. With a script the form is posted every few seconds after a change; the answer
is then only the pieces that changed (`templates/components/draft/_autosaved.html`). What somebody else saved meanwhile
is brought together with what was typed (`common/merging.py`); only a field that both changed is put before the person,
both texts side by side. The pages share `_base.html`, `_problems.html` and `_saved.html` of the same folder.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views import View

from . import clock
from .errors import Conflict, Refused
from .merging import Merge, Typed, canonical, merge
from .models import AuditEvent
from .part_forms import Grid, Problem, StepForm
from .request import Request

CONTROLS = {
    "csrfmiddlewaretoken",
    "base",
    "seen",
    "revision",
    "go",
    "add",
    "remove",
    "more",
    "drop",
    "even",
    "use",
    "new",
}


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: what is saved now and what this person typed."""

    block: str
    label: str
    saved: list[str]
    typed: list[str]
    target: str = ""


@dataclass
class Posted:
    """What came in: the merged form, the part read from it, and what is wrong with it."""

    merged: Merge
    form: StepForm
    typed: Typed
    base: Typed
    latest: Typed
    problems: list[Problem] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    saved: bool = False


class PartView(ABC, View):
    """One part. A subclass finds the thing in `dispatch`, builds the form, saves it by one service, adds the page."""

    template: ClassVar[str]
    pieces_shown: ClassVar[tuple[str, ...]] = ()  # templates that an autosave sends anew, each with its own id

    request: Request

    # -- what a part brings ------------------------------------------------------------------------------------------

    @abstractmethod
    def form(self, data: QueryDict | None = None) -> StepForm:
        """The part's form from what was posted, or from the thing as it is saved."""

    @property
    @abstractmethod
    def revision(self) -> int:
        """The revision of the thing as it was read for this request."""

    @property
    @abstractmethod
    def saved_at(self) -> datetime | None:
        """When it was last saved; None where it never was since it was made."""

    @abstractmethod
    def saves_of_others(self) -> QuerySet[AuditEvent]:
        """What other people saved here, newest first."""

    @abstractmethod
    def next_url(self) -> str:
        """Where the pressed button leads; without one the person stays."""

    def keep(self, form: StepForm) -> None:
        """Write a valid form by one service; a part that only shows keeps nothing. Raises Refused or Conflict."""
        return

    def reload(self) -> None:
        """Read the thing again after it was saved."""
        return

    def context(self, form: StepForm) -> dict[str, Any]:
        """What the page shows besides the form."""
        return {}

    def press(self, typed: Typed) -> Typed:
        """What a button of the part does to the form before it is read (add a town, split evenly)."""
        return typed

    def frame(self, base: Typed) -> dict[str, Any]:
        """What every page of the thing shows; `base` is the state to save upon."""
        return {
            "revision": self.revision,
            "saved_at": self.saved_at,
            "base": json.dumps(base, ensure_ascii=False),
            "seen": clock.now().isoformat(),
            "pieces": self.pieces_shown,
        }

    # -- the moves ---------------------------------------------------------------------------------------------------

    def get(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        form = self.form()
        return self.page(form, base=self.texts(form))

    def post(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        posted = self.read()
        if not posted.clashes:
            self.try_to_save(posted)
        if request.htmx:
            return self.pieces(posted)
        if posted.problems or posted.clashes:
            return self.page(posted.form, base=posted.latest, posted=posted, status=422)
        if posted.merged.taken:
            messages.info(request, "ほかの人が保存した内容と合わせて保存しました。")
        return HttpResponseRedirect(self.next_url())

    def read(self) -> Posted:
        """Read what was posted, bring it together with what others saved since the page was drawn."""
        latest_form = self.form()
        latest = self.texts(latest_form)
        grids, sets = latest_form.grids, latest_form.sets
        fields = {name: texts for name, texts in self.request.POST.lists() if name not in CONTROLS}
        if drop := self.request.POST.get("drop"):
            fields = {name: texts for name, texts in fields.items() if not name.startswith(f"{drop}-")}
        typed = self.press(canonical(fields, grids))
        use = self.request.POST.get("use", "")
        if use:
            typed = {name: texts for name, texts in typed.items() if name != use and not name.startswith(f"{use}-")}
            typed |= {name: texts for name, texts in latest.items() if name == use or name.startswith(f"{use}-")}
        typed, base = canonical(typed, grids), canonical(self.base(latest), grids)
        merged = merge(base, typed, latest, grids, sets)
        if merged.clashes and not self.others_saved():
            merged = Merge(merged.values, merged.taken)  # the person's own autosave, whose answer had not come yet
        form = self.form(_query(merged.values))
        return Posted(merged, form, typed, base, latest, clashes=list(self.clashes(merged, latest_form, form, latest)))

    def base(self, latest: Typed) -> Typed:
        """What the page showed when the person began: posted with the form; without it the state it was read at."""
        try:
            base = json.loads(self.request.POST.get("base", ""))
        except ValueError:
            fresh = self.request.POST.get("revision", "") == str(self.revision)
            return latest if fresh else {}
        return {str(name): [str(text) for text in texts] for name, texts in base.items()}

    def clashes(self, merged: Merge, saved: StepForm, typed: StepForm, latest: Typed) -> Iterator[Clash]:
        """The fields that both changed, with both texts, as the page puts them side by side."""
        for block in merged.clashes:
            if block in saved.grids:
                table = next(part for part in saved.parts() if isinstance(part, Grid) and part.name == block)
                yield Clash(
                    block, f"{table.title}の表", _rows(block, latest), _rows(block, merged.values), f"grid-{block}"
                )
                continue
            for part in typed.parts():
                if not isinstance(part, Grid) and (name := _field_of(part, block)):
                    bound = part[name]
                    yield Clash(
                        block,
                        str(bound.label),
                        latest.get(block, ["（空欄）"]),
                        merged.values.get(block, ["（空欄）"]),
                        bound.id_for_label or bound.auto_id,
                    )

    def try_to_save(self, posted: Posted) -> None:
        """Save when everything can be read; a refusal or an error keeps what was typed."""
        form = posted.form
        if not form.is_valid():
            posted.problems = form.problems
            if not form.partial:
                return
        if posted.merged.values == posted.latest:
            posted.saved = True
            return
        try:
            self.keep(form)
        except Conflict as conflict:
            posted.problems += [Problem(text) for text in conflict.problems]
        except Refused as refused:
            posted.problems += [Problem(text) for text in refused.problems]
        else:
            posted.saved = True
            self.reload()

    # -- the answers -------------------------------------------------------------------------------------------------

    def page(self, form: StepForm, *, base: Typed, posted: Posted | None = None, status: int = 200) -> HttpResponse:
        """The whole part."""
        context = self.frame(base) | {
            "form": form,
            "problems": posted.problems if posted else [],
            "clashes": posted.clashes if posted else [],
            "changed_by": self.changed_by() if posted and posted.clashes else None,
        }
        return render(self.request, self.template, context | self.context(form), status=status)

    def pieces(self, posted: Posted) -> HttpResponse:
        """The answer to an autosave: the status, the new base, and the pieces of the page that follow what is saved.

        The base becomes what stands on the screen, except where it could not be saved. What others saved counts as
        seen only once it stands on the screen: until then a later save of the same field must still be told as a clash.
        """
        wrong = {problem.field for problem in posted.problems if problem.field}
        base = posted.base
        if posted.saved:
            kept = {name: texts for name, texts in posted.base.items() if name in wrong}
            base = {name: texts for name, texts in posted.typed.items() if name not in wrong} | kept
        context = self.frame(base) | {"posted": posted, "form": posted.form}
        if not posted.saved or posted.merged.taken:
            context["seen"] = self.request.POST.get("seen", "")
        return render(self.request, "components/draft/_autosaved.html", context | self.context(posted.form))

    @property
    def more(self) -> str:
        """The grid for which more empty rows were asked for."""
        return self.request.POST.get("more") or self.request.GET.get("more", "")

    def others_saved(self) -> bool:
        """Whether somebody else saved since the page (or the last autosave's answer) was drawn."""
        try:
            seen = datetime.fromisoformat(self.request.POST.get("seen", ""))
        except ValueError:
            return True
        return self.saves_of_others().filter(at__gte=seen).exists()

    def changed_by(self) -> AuditEvent | None:
        """The last save of somebody else, for the sentence above a clash."""
        return self.saves_of_others().first()

    def texts(self, form: StepForm) -> Typed:
        """The canonical texts of an unbound form."""
        return canonical(form.posted(), form.grids)


def _field_of(part: Any, block: str) -> str:
    """The name of the form's field that is posted as `block`; empty where it is none of its own."""
    return next((name for name in part.fields if part.add_prefix(name) == block), "")


def _query(values: Typed) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, texts in values.items():
        query.setlist(name, texts)
    return query


def _rows(block: str, values: Typed) -> list[str]:
    """The rows of a grid as lines of text."""
    rows: dict[str, list[str]] = {}
    for name, texts in values.items():
        if name.startswith(f"{block}-"):
            rows.setdefault(name.split("-")[1], []).extend(texts)
    return ["　".join(texts) for texts in _in_order(rows)] or ["（空欄）"]


def _in_order(rows: dict[str, list[str]]) -> Iterable[list[str]]:
    return (rows[index] for index in sorted(rows, key=int))
