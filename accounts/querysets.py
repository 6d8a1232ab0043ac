"""Named questions about people and posts."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import UserManager
from django.db.models import Prefetch, Q, QuerySet


class PostQuerySet(QuerySet):
    """Who holds which duty where, and when."""

    def held(self, on: date) -> PostQuerySet:
        """Posts in force on the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, user__is_active=True)

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
