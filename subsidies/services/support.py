"""The supported years of a region, kept in step with its grants (the clock of C-09, the amounts of D-27 and D-28), and
the region itself: supported (支援中) with its first grant, running by itself (自走中) after its last year."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Subquery

from common.fiscal_year import FiscalYear
from common.locks import locking
from common.viewer import SYSTEM, Viewer
from regions import services as regions
from regions.models import Region

from ..models import Application, Call, SupportYear
from ..states import BEFORE_SUBMISSION, State
from ..ties import BINDING
from .advance import one_by_one
from .asking import ask_about


def note_support(application: Application) -> None:
    """Write what the program grants the region in the fiscal year of this application, all its grants together.

    A grant that was withdrawn after its notice (T20) never began: without another one the year is no year of support.
    A revoked one stays a year of support with what is left. Call it inside the transaction that changed the grant; the
    row is locked before the grants are added up, so that two decisions at once are both counted.
    """
    key = {
        "program": application.call.program,
        "region": application.region,
        "fiscal_year": application.fiscal_year,
    }
    SupportYear.objects.get_or_create(**key, defaults={"basis": SupportYear.Basis.DECISION})
    year = locking(SupportYear.objects).get(**key)
    grants = list(
        Application.objects.filter(
            call__program=application.call.program_id,
            region=application.region_id,
            fiscal_year=application.fiscal_year,
            granted_yen__isnull=False,
        )
        .exclude(state=State.WITHDRAWN)
        .order_by("number")
        .annotate(initiative=F("items__project"))
        .values_list("pk", "number", "granted_yen", "initiative")
    )
    if not grants:
        _forget(year, application)
        return
    amounts = {pk: yen or 0 for pk, _, yen, _ in grants}
    year.basis = SupportYear.Basis.DECISION
    year.source = "、".join(dict.fromkeys(number for _, number, _, _ in grants))[:200]
    year.amount_yen = sum(amounts.values())
    year.save()
    year.projects.set({project for _, _, _, project in grants if project is not None})
    ask_about(application.items.values_list("project", flat=True))


def undo_support(application: Application, viewer: Viewer) -> None:
    """A grant was withdrawn after its notice (T20): where the region is supported through it alone, it never was."""
    region = locking(Region.objects).get(pk=application.region_id)
    begun = region.states.filter(state=Region.State.SUPPORTED).order_by("-since", "-id").first()
    if region.state != Region.State.SUPPORTED or begun is None:
        return
    if not SupportYear.objects.filter(region=region, fiscal_year__gte=int(FiscalYear.of(begun.since))).exists():
        regions.undo_support(region.pk, viewer=viewer)


def run_due(on: date) -> int:
    """End the support of each region whose supported years are over and of which nothing is under way any more.

    It runs by itself from the first day after its last supported fiscal year. Idempotent; returns how many.
    """
    years = SupportYear.objects.filter(region=OuterRef("pk")).order_by("-fiscal_year")
    under_way = Application.objects.filter(region=OuterRef("pk"), state__in=BINDING).exclude(
        state__in=BEFORE_SUBMISSION, call__state=Call.State.CLOSED
    )
    over = Region.objects.filter(~Exists(under_way), state=Region.State.SUPPORTED)
    last = over.annotate(last=Subquery(years.values("fiscal_year")[:1])).filter(last__lt=int(FiscalYear.of(on)))
    found = dict(last.values_list("pk", "last"))
    return one_by_one(found, lambda pk: regions.end_support(pk, on=FiscalYear(found[pk] + 1).first_day, viewer=SYSTEM))


def _forget(year: SupportYear, application: Application) -> None:
    """Without a grant the year is none of support; what a source tells stays."""
    if year.basis == SupportYear.Basis.DECISION:
        year.delete()
    ask_about(application.items.values_list("project", flat=True))
