"""Cities, towns and villages, known by their code and never by name alone."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from ..codes import validate_code
from ..querysets import MunicipalityQuerySet


class Municipality(models.Model):
    """A city, town or village. Names repeat (泊村 exists twice in Hokkaido); the 6-digit code does not."""

    class Kind(models.TextChoices):
        DESIGNATED_CITY = "政令市", "政令指定都市"
        CITY = "市", "市"
        WARD = "特別区", "特別区"
        TOWN = "町", "町"
        VILLAGE = "村", "村"

    code = models.CharField(
        "団体コード",
        primary_key=True,
        max_length=6,
        validators=[RegexValidator(r"^\d{6}$", "団体コードは6桁の数字です。"), validate_code],
    )
    prefecture = models.ForeignKey(
        "municipalities.Prefecture", models.PROTECT, related_name="municipalities", verbose_name="都道府県"
    )
    name = models.CharField("市町村名", max_length=20)
    kana = models.CharField("ふりがな", max_length=40)
    kana_key = models.CharField("並び順の読み", max_length=40, db_index=True)
    name_en = models.CharField("英語名", max_length=60, blank=True)
    kind = models.CharField("種別", max_length=4, choices=Kind)
    district = models.CharField("郡", max_length=20, blank=True)
    northern_territory = models.BooleanField("北方領土の村", default=False)
    latitude = models.DecimalField("緯度", max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("経度", max_digits=9, decimal_places=6, null=True, blank=True)
    valid_from = models.DateField("適用開始日", null=True, blank=True)
    valid_to = models.DateField("終了日", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="統合先"
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "市町村"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="municipality_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(successor=F("code")), name="municipality_is_not_its_own_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code5(self) -> str:
        """The code without its check digit, as older tables print it."""
        return self.code[:5]
