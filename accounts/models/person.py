"""People who sign in, and the posts they hold."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from common.viewer import Duty

from ..querysets import PersonManager, PostQuerySet


class User(AbstractUser):
    """A person. What she may do comes from her posts, never from Django's groups or flags."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField("氏名", max_length=60)
    email = models.EmailField("メール", blank=True)
    is_sample = models.BooleanField("見本の利用者", default=False, help_text="デモのサインイン画面の一覧に出る利用者")

    objects = PersonManager()  # type: ignore[misc]

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = verbose_name_plural = "利用者"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


class Post(models.Model):
    """One duty of one person in one office from a day to a day; staff rotate every 1 April."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts", verbose_name="利用者")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="posts", verbose_name="所属")
    duty = models.CharField("役割", max_length=2, choices=[(duty.value, duty.label) for duty in Duty])
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "役職・担当"
        ordering = ["user", "office", "duty"]
        constraints = [
            models.UniqueConstraint(fields=["user", "office", "duty", "valid_from"], name="post_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.office_id} {self.duty}"
