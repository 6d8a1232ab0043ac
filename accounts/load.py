"""The offices people belong to: one for every municipality and bureau of the prefecture, and those of headquarters."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from common import clock
from common.upsert import Counts, upsert
from common.viewer import OfficeKind
from municipalities.models import Bureau, Municipality, Prefecture

from .models import Office

BUREAU_SECTION = "地域政策課"
HEADQUARTERS_SECTIONS = (
    "広域連携担当",
    "関係部局（例：地域医療担当）",
    "出納局",
    "監査委員事務局",
    "システム管理",
)
ASSOCIATIONS = {"01": (("choson-kai", "北海道町村会"),)}


def load_all() -> dict[str, Counts]:
    """Load what this room holds as reference data; counts per model label."""
    return {"accounts.Office": load_offices()}


def load_offices() -> Counts:
    """Create the offices of the prefecture this portal serves, or bring their names up to date."""
    return upsert(Office, _rows(settings.PREFECTURE_CODE), key=["kind", "code", "section"])


def _rows(prefecture_code: str) -> Iterator[dict[str, str]]:
    prefecture = Prefecture.objects.get(pk=prefecture_code)
    for town in Municipality.objects.existing(clock.today()).filter(prefecture=prefecture):
        yield _row(OfficeKind.MUNICIPALITY, town.code, town.name)
    for bureau in Bureau.objects.filter(prefecture=prefecture, valid_to=None):
        yield _row(OfficeKind.BUREAU, bureau.code, bureau.name, BUREAU_SECTION)
    for section in HEADQUARTERS_SECTIONS:
        yield _row(OfficeKind.PREFECTURE, prefecture.code, prefecture.name, section)
    for code, name in ASSOCIATIONS.get(prefecture.code, ()):
        yield _row(OfficeKind.ASSOCIATION, code, name)


def _row(kind: OfficeKind, code: str, name: str, section: str = "") -> dict[str, str]:
    return {"kind": kind.value, "code": code, "name": name, "section": section}
