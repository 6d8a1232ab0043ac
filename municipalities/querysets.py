"""Named questions about municipalities."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from common.viewer import SYSTEM, Viewer

from .kana import hiragana

if TYPE_CHECKING:
    from .models import Municipality


class MunicipalityQuerySet(QuerySet):
    """Municipalities are public: everyone who signed in may know them."""

    def visible_to(self, viewer: Viewer) -> MunicipalityQuerySet:
        """All of them for whoever wears a post; nothing for a stranger."""
        return self.all() if viewer.user_id is not None else self.none()

    def existing(self, on: date) -> MunicipalityQuerySet:
        """Those that exist on the day. The six northern villages have no office and no figures: left out."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on), northern_territory=False
        )

    def under(self, bureau_code: str, on: date) -> MunicipalityQuerySet:
        """Those under the bureau or one of its branches on the day."""
        from .models import Jurisdiction

        return self.filter(
            Exists(
                Jurisdiction.objects.filter(
                    Q(bureau=bureau_code) | Q(bureau__parent=bureau_code),
                    Q(valid_to=None) | Q(valid_to__gte=on),
                    municipality=OuterRef("pk"),
                    valid_from__lte=on,
                )
            )
        )

    def in_charge_of(self, viewer: Viewer, on: date) -> MunicipalityQuerySet:
        """Those whose data this office may bring in (row 36): headquarters all, a bureau and a town their own."""
        if viewer.is_prefecture or viewer is SYSTEM:
            return self.all()
        if viewer.is_bureau:
            return self.under(viewer.office.code, on)
        return self.filter(pk=viewer.office.code) if viewer.is_municipal else self.none()

    def with_bureau(self, on: date) -> MunicipalityQuerySet:
        """Each with `bureau_code`, `bureau_name`, `bureau_short_name` of that day (None where there is no bureau)."""
        from .models import Jurisdiction

        held = Jurisdiction.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), municipality=OuterRef("pk"), valid_from__lte=on
        )
        return self.annotate(
            bureau_code=Subquery(held.values("bureau")[:1]),
            bureau_name=Subquery(held.values("bureau__name")[:1]),
            bureau_short_name=Subquery(held.values("bureau__short_name")[:1]),
        )

    def touching(self, code: str, on: date) -> MunicipalityQuerySet:
        """Those that share a border with the municipality on the day, in code order."""
        from .models import Adjacency

        pairs = Adjacency.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )
        return self.filter(
            Q(pk__in=pairs.filter(a=code).values("b")) | Q(pk__in=pairs.filter(b=code).values("a"))
        ).order_by("code")

    def of_prefecture(self, prefecture_code: str) -> MunicipalityQuerySet:
        """Those of one prefecture, in code order."""
        return self.filter(prefecture=prefecture_code).order_by("code")

    def search(self, text: str) -> MunicipalityQuerySet:
        """Those whose name, reading (かな, カナ) or code begins with or contains what was typed."""
        plain = unicodedata.normalize("NFKC", text).strip()
        if not plain:
            return self
        if plain.isdigit():
            return self.filter(code__startswith=plain)
        return self.filter(Q(name__contains=plain) | Q(kana__contains=hiragana(plain)))

    def find_by_name(self, name: str, prefecture_code: str) -> Municipality:
        """Return the municipality of that full name inside the prefecture, only where the name is unique there.

        The northern villages count: 泊村 exists twice in Hokkaido and is refused. Raises NameNotUnique or
        NameUnknown (both ValueError) with a Japanese sentence that names the codes to choose from.
        """
        plain = unicodedata.normalize("NFKC", name).strip()
        found = list(self.filter(prefecture=prefecture_code, name=plain).order_by("code"))
        if not found:
            raise NameUnknown(f"「{name}」という市町村は登録されていません。団体コードで指定してください。")
        if len(found) > 1:
            places = "、".join(f"{place.code}（{place.district or place.prefecture_id}）" for place in found)
            raise NameNotUnique(f"「{name}」は{len(found)}つあります。団体コードで指定してください：{places}")
        return found[0]


class NameUnknown(ValueError):
    """No municipality of the prefecture bears the name."""


class NameNotUnique(ValueError):
    """Several municipalities of the prefecture bear the name."""


class ActingHeadQuerySet(QuerySet):
    """Who acts for a mayor (職務代理者): public like the papers that name the office."""

    def visible_to(self, viewer: Viewer) -> ActingHeadQuerySet:
        """All of them for whoever wears a post; nothing for a stranger."""
        return self.all() if viewer.user_id is not None else self.none()

    def on(self, day: date) -> ActingHeadQuerySet:
        """Those who act on the day."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)
