"""The supported years of a region, kept in step with its grants: the clock of C-09 and the amounts of D-27 and D-28."""

from __future__ import annotations

from django.db.models import F

from ..models import Application, SupportYear
from ..states import State


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
    year = SupportYear.objects.select_for_update().get(**key)
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
        if year.basis == SupportYear.Basis.DECISION:
            year.delete()
        return
    amounts = {pk: yen or 0 for pk, _, yen, _ in grants}
    year.basis = SupportYear.Basis.DECISION
    year.source = "、".join(dict.fromkeys(number for _, number, _, _ in grants))[:200]
    year.amount_yen = sum(amounts.values())
    year.save()
    year.projects.set({project for _, _, _, project in grants if project is not None})
