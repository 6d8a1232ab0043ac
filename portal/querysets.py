"""Named questions about what the portal itself keeps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet

from common.viewer import Access, Action, Viewer
from municipalities.duties import MASTER
from regions import duties as together
from regions.models import Agreement, ConferenceMeeting, ForwardPlan, Project, Region, Vision
from subsidies.duties import CALL, LIST, NOTE, PAYMENT
from subsidies.models import Application, Call, Participant
from subsidies.papers_access import papers_visible_to

from .duties import INDICATORS, RETENTION


class PrefIndicatorQuerySet(QuerySet):
    """Prefecture-wide indicators. They are public; values that nobody has confirmed yet are headquarters' own."""

    def visible_to(self, viewer: Viewer) -> PrefIndicatorQuerySet:
        """Every indicator, for whoever may read them at all (row 35)."""
        return self.all() if viewer.may(INDICATORS) else self.none()

    def with_values(self, viewer: Viewer | None = None) -> PrefIndicatorQuerySet:
        """Each with `official`: the values that this person may read, oldest first (without a person: confirmed)."""
        from .models import PrefIndicatorValue

        rows = PrefIndicatorValue.objects.order_by("fiscal_year")
        if viewer is None or not (viewer.may(INDICATORS, Access.EDIT) or viewer.may(INDICATORS, Access.SUBMIT)):
            rows = rows.filter(Q(entered_by=None) | Q(confirmed_at__isnull=False))
        return self.prefetch_related(Prefetch("values", rows, to_attr="official"))


class DisposalListQuerySet(QuerySet):
    """Disposal lists (廃棄リスト, 庁内限り)."""

    def visible_to(self, viewer: Viewer) -> DisposalListQuerySet:
        """All for headquarters, auditors and the administrator; bureaus read the register of their own things only."""
        return self.all() if viewer.is_prefecture and viewer.may(RETENTION) else self.none()


class DisposalItemQuerySet(QuerySet):
    """Lines of disposal lists."""

    def visible_to(self, viewer: Viewer) -> DisposalItemQuerySet:
        """The lines of the lists this person may know."""
        from .models import DisposalList

        return self.filter(list__in=DisposalList.objects.visible_to(viewer))


class RetentionHoldQuerySet(QuerySet):
    """What is kept although its time is over (庁内限り)."""

    def visible_to(self, viewer: Viewer) -> RetentionHoldQuerySet:
        """All for whoever keeps the books of retention in the prefecture's office."""
        return self.all() if viewer.is_prefecture and viewer.may(RETENTION) else self.none()

    def standing(self, kind: str, key: object) -> RetentionHoldQuerySet:
        """The one that holds a thing now, if there is one."""
        return self.filter(kind=kind, key=str(key), lifted_at=None)


class ErasedQuerySet(QuerySet):
    """Lines of what was erased (廃棄簿)."""

    def visible_to(self, viewer: Viewer) -> ErasedQuerySet:
        """Those of things this person might read before: each room says so of the figures that stayed there.

        Whoever keeps the books of retention in the prefecture's office reads all.
        """
        if viewer.user_id is None:
            return self.none()
        if viewer.is_prefecture and viewer.may(RETENTION):
            return self.all()
        scope = Q(pk=None)
        for kind, action, model in OF_REGISTER:
            if viewer.may(action):
                rows = model._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
                scope |= Q(kind=kind, ref__in=rows.order_by().values("pk"))
        return self.filter(scope)


# what is kept by classes: kind, who may open it at all (its row of the matrix), its rows
OF_REGISTER: tuple[tuple[str, Action, type[Model]], ...] = (
    ("application", LIST, Application),
    ("agreement", together.AGREEMENT, Agreement),
    ("vision", together.VISION, Vision),
    ("plan", together.FORWARD_PLAN, ForwardPlan),
)
# what stands in a room of its own: kind in the index, who may open it at all (its row of the matrix), its rows
OF_ROOMS: tuple[tuple[str, Action, type[Model]], ...] = (
    ("project", together.VISION, Project),
    ("agreement", together.AGREEMENT, Agreement),
    ("vision", together.VISION, Vision),
    ("plan", together.FORWARD_PLAN, ForwardPlan),
    ("meeting", together.CONFERENCE, ConferenceMeeting),
    ("call", CALL, Call),
)


def _stands_in(rows: QuerySet, field: str) -> Exists:
    """Asked for each thing that was found, by key: cheaper than all that a person may see."""
    return Exists(rows.order_by().filter(pk=OuterRef(field)))


class SearchEntryQuerySet(QuerySet):
    """What the search knows; each room says itself which of its things a person may know."""

    def visible_to(self, viewer: Viewer) -> SearchEntryQuerySet:
        """Entries of things whose page this person may open, in the text that its page shows her.

        Towns that take part read what they write on an application; everybody else what was submitted.
        """
        return self.filter(reduce(or_, self.scopes(viewer).values(), Q(pk__in=[])))

    def scopes(self, viewer: Viewer) -> dict[str, Q]:
        """The same, kind by kind; without those of which this person may know nothing at all."""
        if viewer.user_id is None:
            return {}
        refs = dict(self._of_rooms(viewer))
        scopes = {kind: Q(_stands_in(rows, "ref"), kind=kind) for kind, rows in refs.items()}
        if viewer.may(MASTER):
            scopes["municipality"] = Q(kind="municipality")
        if viewer.may(together.REGION):
            scopes["region"] = Q(_stands_in(Region.objects.visible_to(viewer), "key"), kind="region")
        if "application" in scopes:
            written = self._written_by(viewer) if viewer.is_municipal else Q(layer="office")
            scopes["application"] &= Q(layer="all") | written
        if not viewer.sees_internal:
            scopes["document"] &= Q(layer="all")
        return scopes

    def _of_rooms(self, viewer: Viewer) -> Iterator[tuple[str, QuerySet]]:
        """The things behind `ref`; payments and what is said inside (庁内限り) are known with their application."""
        for kind, action, model in OF_ROOMS:
            if viewer.may(action):
                yield kind, model._default_manager.visible_to(viewer)  # type: ignore[attr-defined]
        yield "document", papers_visible_to(viewer)
        cases = Application.objects.visible_to(viewer)
        if viewer.may(LIST):
            yield "application", cases
        if viewer.may(PAYMENT) and not viewer.is_municipal:
            yield "payment", cases
        if viewer.may(NOTE) and viewer.sees_internal:
            yield "note", cases

    def _written_by(self, viewer: Viewer) -> Q:
        parts = Participant.objects.filter(municipality=viewer.office.code).values("application")
        own = Q(ref__in=parts) | Q(ref__in=Application.objects.filter(lead=viewer.office.code).order_by().values("pk"))
        return Q(own, layer="own") | Q(~own, layer="office")
