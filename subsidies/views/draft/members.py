"""Step 2: who takes part. A list to tick, the same on the map, and what would make the choice eligible."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.http import QueryDict

from common import clock
from common.merging import Typed
from municipalities.population import TARGET_YEAR

from ...choosing_map import choosing_map
from ...forms.members import MembersStep
from ...ground import Ground
from ...picking import Choice, choice
from ...rules.exact import percent
from ...services import drafts
from .frame import StepView


class MembersView(StepView):
    """構成市町村; every tick is saved at once, so that the verdict beside it is the verdict on it."""

    slug = "members"
    template = "subsidies/draft/members.html"

    @property
    def own(self) -> str:
        """The municipality in whose name the person writes: it cannot be taken out."""
        return self.application.lead_id if self.delegation else self.request.viewer.office.code

    @cached_property
    def choice(self) -> Choice:
        """What can be chosen: the prefecture's municipalities, those of the lead bureau first."""
        application = self.application
        codes = {part.municipality_id for part in application.parts.all()}
        prefecture = application.region.prefecture_id
        return choice(self.prefecture, prefecture, application.lead_bureau_id, codes, clock.today())

    @cached_property
    def prefecture(self) -> Ground:
        """Every municipality of the prefecture, for the list, the map and the verdict."""
        return Ground(prefecture=self.application.region.prefecture_id)

    def ground(self) -> Ground:
        return self.prefecture

    def form(self, data: QueryDict | None = None) -> MembersStep:
        return MembersStep(self.application, self.choice, data)

    def press(self, typed: Typed) -> Typed:
        """「…を加える」 and 「外す」 tick and untick one municipality."""
        add, remove = self.request.POST.get("add", ""), self.request.POST.get("remove", "")
        ticked = [code for code in [*typed.get("member", []), add] if code and code != remove]
        pressed = {name: texts for name, texts in typed.items() if name != "member"} | {"member": ticked}
        if remove and typed.get("lead") == [remove]:
            pressed["lead"] = [self.own]
        return pressed

    def keep(self, form: MembersStep) -> None:  # type: ignore[override]
        drafts.save_members(
            application_id=self.application.pk,
            viewer=self.request.viewer,
            revision=self.application.revision,
            codes=form.codes,
            lead=form.lead,
        )

    def chosen(self) -> Iterator[dict[str, Any]]:
        """The table of those who take part as saved: scheme, people, decline, consent."""
        consents = {part.municipality_id: part.consent for part in self.application.parts.all()}
        year = TARGET_YEAR
        for member in self.facts.members:
            projection = member.projection
            decline = projection.decline(year) if projection else None
            yield {
                "member": member,
                "base": projection.total(projection.base_year) if projection else None,
                "base_year": projection.base_year if projection else None,
                "target": projection.total(year) if projection else None,
                "decline": percent(decline) if decline is not None else "－",
                "consent": consents.get(member.code, ""),
            }

    def context(self, form: MembersStep) -> dict[str, Any]:  # type: ignore[override]
        ticked = set(form.ticked)
        candidates = {town.code for line in self.advice.lines for town in line.candidates}
        shown = [self.choice.home, *(group for group in self.choice.others if group.chosen)]
        return {
            "choice": self.choice,
            "ticked": ticked,
            "map": choosing_map(shown, ticked, candidates),
            "chosen": list(self.chosen()),
            "own": self.own,
            "live_piece": "subsidies/draft/_chosen.html",
        }
