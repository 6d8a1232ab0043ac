"""Files put together for somebody outside the everyday work: the auditor (D-32), a person who asks for disclosure."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..querysets import PackageQuerySet


class Package(models.Model):
    """One ZIP about one or several cases. `upto_event` is the last event of the log that it tells of.

    A package for an audit is made at once; one for disclosure only after a second person has approved it.
    """

    class Kind(models.TextChoices):
        AUDIT = "audit", "監査パッケージ"
        DISCLOSURE = "disclosure", "情報公開用の書き出し"

    class State(models.TextChoices):
        ASKED = "asked", "承認待ち"
        MAKING = "making", "作成中"
        MADE = "made", "作成済"
        REFUSED = "refused", "不承認"
        FAILED = "failed", "作成できませんでした"
        ERASED = "erased", "廃棄済"

    kind = models.CharField("種類", max_length=12, choices=Kind)
    state = models.CharField("状態", max_length=8, choices=State)
    applications = models.ManyToManyField("subsidies.Application", related_name="packages", verbose_name="申請")
    prefecture = models.ForeignKey("municipalities.Prefecture", models.PROTECT, related_name="+")
    reason = models.TextField("目的・請求の内容", blank=True)
    with_internal = models.BooleanField("庁内限りの文書を含める", default=False)
    internal_reason = models.TextField("庁内限りの文書を含める（除く）理由", blank=True)
    upto_event = models.BigIntegerField("記録の範囲（末尾の番号）")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成者")
    asked_who = models.CharField("作成者の所属・氏名", max_length=200)
    asked_at = models.DateTimeField("依頼日時")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承認者"
    )
    approved_who = models.CharField("承認者の所属・氏名", max_length=200, blank=True)
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    answer = models.TextField("承認の意見・不承認の理由", blank=True)
    file = models.FileField("ファイル", upload_to="packages/%Y/%m/", blank=True, max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）", null=True, blank=True)
    entries = models.PositiveIntegerField("収めたファイルの数", null=True, blank=True)

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "まとめた書類"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="made") | (~Q(file="") & ~Q(sha256="")), name="package_made_has_its_file"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="package_needs_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def name(self) -> str:
        """監査パッケージ_12.zip."""
        return f"{self.get_kind_display()}_{self.pk}.zip"
