"""Named questions about people and posts."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import UserManager
from django.db.models import Count, Prefetch, Q, QuerySet

from common.viewer import Duty, Viewer


class PostQuerySet(QuerySet):
    """Who holds which duty where, and when."""

    def held(self, on: date) -> PostQuerySet:
        """Posts in force on the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, user__is_active=True)

    def visible_to(self, viewer: Viewer) -> PostQuerySet:
        """Posts this person may look up (row 37): a town and a bureau their own, headquarters and auditors all."""
        if viewer.is_prefecture:
            return self.all()
        return self.filter(office__kind=viewer.office.kind.value, office__code=viewer.office.code)

    def named(self, words: str) -> PostQuerySet:
        """Posts of people or in offices whose name holds the words; all of them without words."""
        named = (
            Q(user__display_name__icontains=words)
            | Q(office__name__icontains=words)
            | Q(office__section__icontains=words)
        )
        return self.filter(named) if words else self

    def for_list(self) -> PostQuerySet:
        """With person and office, office by office."""
        return self.select_related("user", "office").order_by(
            "office__kind", "office__code", "office__section", "duty", "user__display_name"
        )

    def overlapping(self, first: date, last: date | None) -> PostQuerySet:
        """Posts that share a day with the period (an open end is None)."""
        later = self.filter(Q(valid_to=None) | Q(valid_to__gte=first))
        return later.filter(valid_from__lte=last) if last else later


class UserQuerySet(QuerySet):
    """People."""

    def samples(self) -> UserQuerySet:
        """The sample people of the demo who may still sign in."""
        return self.filter(is_sample=True, is_active=True)

    def with_posts(self, on: date) -> UserQuerySet:
        """Each with `held_posts`: the posts of that day with their offices."""
        from .models import Post

        posts = Post.objects.held(on).select_related("office").order_by("office_id", "duty")
        return self.prefetch_related(Prefetch("posts", queryset=posts, to_attr="held_posts"))


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's way to make users, with our questions."""


class HandoverQuerySet(QuerySet):
    """Hand-overs of duties."""

    def visible_to(self, viewer: Viewer) -> HandoverQuerySet:
        """Hand-overs this office may know: a town and a bureau its own, headquarters all of them."""
        if viewer.is_prefecture:
            return self.all()
        return self.filter(office_kind=viewer.office.kind.value, office_code=viewer.office.code)

    def for_list(self) -> HandoverQuerySet:
        """Each with `rows_count`, the prepared ones first, then the latest day."""
        return self.annotate(rows_count=Count("rows"), first=Q(state="prepared")).order_by(
            "-first", "-effective_on", "-id"
        )

    def to_move(self, on: date) -> HandoverQuerySet:
        """Confirmed hand-overs whose day has come and whose personal work has not moved yet."""
        return self.filter(state="confirmed", work_moved_at=None, effective_on__lte=on)


class AbsenceQuerySet(QuerySet):
    """Absences and who stands in."""

    def visible_to(self, viewer: Viewer) -> AbsenceQuerySet:
        """Absences in the own office; all of them for the administrator."""
        if viewer.has(Duty.AD):
            return self.all()
        return self.filter(office__kind=viewer.office.kind.value, office__code=viewer.office.code)

    def standing(self) -> AbsenceQuerySet:
        """Those that were not called off."""
        return self.filter(ended_at=None)

    def in_force(self, on: date) -> AbsenceQuerySet:
        """Those of people who are away on the day."""
        return self.standing().filter(first_day__lte=on, last_day__gte=on)

    def overlapping(self, first: date, last: date) -> AbsenceQuerySet:
        """Those that share a day with the period."""
        return self.standing().filter(first_day__lte=last, last_day__gte=first)

    def to_read(self, user_id: int | None, on: date) -> AbsenceQuerySet:
        """Those of a person who is back and has not looked yet at what her deputy did."""
        return self.standing().filter(user=user_id, last_day__lt=on, deputy__isnull=False, read_at=None)

    def for_list(self) -> AbsenceQuerySet:
        """With people and office, the latest first."""
        return self.select_related("user", "office", "deputy").order_by("-first_day", "-id")
