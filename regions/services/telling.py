"""Notices about agreements: to the towns that are asked, and to the lead bureau."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.urls import reverse

from common import notices
from common.viewer import Duty, OfficeKind

from ..models import Agreement


def tell_towns(
    agreement: Agreement, codes: Iterable[str], duties: Collection[Duty], title: str, body: str = ""
) -> None:
    """Leave a notice at each of these municipalities (6-digit codes), with the page of the agreement."""
    for code in codes:
        _send(f"{OfficeKind.MUNICIPALITY.value}:{code}", duties, title, body, agreement)


def tell_bureau(agreement: Agreement, duties: Collection[Duty], title: str) -> None:
    """Leave a notice at the lead bureau."""
    _send(f"{OfficeKind.BUREAU.value}:{agreement.region.lead_bureau_id}", duties, title, "", agreement)


def _send(office_key: str, duties: Collection[Duty], title: str, body: str, agreement: Agreement) -> None:
    url = reverse("regions:agreement_detail", args=[agreement.pk])
    notices.send(office_key, duties, title, body, url=url, subject=agreement)
