"""What one version of an agreement says: articles, the annexed initiatives with roles, rounds of consent."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AgreementArticle(models.Model):
    """One article. `key` lasts while it is edited and moved; the keys of the clause template are known to the rules."""

    class Key(models.TextChoices):
        PURPOSE = "purpose", "目的"
        POLICY = "policy", "基本方針"
        INITIATIVES = "initiatives", "連携する取組と役割分担"
        COST = "cost", "費用負担"
        CHANGE = "change", "変更"
        LEAVE = "leave", "加入及び脱退"
        TERM = "term", "有効期間"
        CONSULT = "consult", "協議"

    agreement = models.ForeignKey("regions.Agreement", models.CASCADE, related_name="articles")
    key = models.CharField("記号", max_length=16)
    position = models.PositiveSmallIntegerField("順")
    heading = models.CharField("見出し", max_length=60)
    text = models.TextField("条文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "協定の条文"
        ordering = ["agreement", "position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "key"], name="agreement_article_once")]

    def __str__(self) -> str:
        return self.heading


class AgreementInitiative(models.Model):
    """A row of the annexed table: an initiative, registered with the region or only named here."""

    agreement = models.ForeignKey("regions.Agreement", models.CASCADE, related_name="initiatives")
    position = models.PositiveSmallIntegerField("順")
    project = models.ForeignKey(
        "regions.Project", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登録済みの取組"
    )
    name = models.CharField("取組", max_length=120)
    fields = models.ManyToManyField("regions.Field", related_name="+", blank=True, verbose_name="分野")
    secretariat = models.ForeignKey(
        "municipalities.Municipality", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="事務局"
    )
    outline = models.TextField("内容", blank=True)
    common_role = models.TextField("共通の役割", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "協定に掲げる取組"
        ordering = ["agreement", "position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "name"], name="agreement_initiative_once")]

    def __str__(self) -> str:
        return self.name


class AgreementRole(models.Model):
    """What one party does in one initiative."""

    initiative = models.ForeignKey(AgreementInitiative, models.CASCADE, related_name="roles")
    municipality = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+")
    text = models.TextField("役割")

    class Meta:
        verbose_name = verbose_name_plural = "取組での役割"
        ordering = ["initiative", "municipality"]
        constraints = [models.UniqueConstraint(fields=["initiative", "municipality"], name="agreement_role_once")]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.text[:20]}"


class AgreementRound(models.Model):
    """A round of consent that a party ended by asking for a change: the text as it was, and who had answered what."""

    agreement = models.ForeignKey("regions.Agreement", models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField("回")
    asked_on = models.DateField("同意を依頼した日")
    declined_on = models.DateField("修正を求めた日")
    declined_by = models.ForeignKey("municipalities.Municipality", models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField("理由")
    answers = models.JSONField("各市町村の回答")
    content = models.JSONField("そのときの内容")

    class Meta:
        verbose_name = verbose_name_plural = "同意の確認の経過"
        ordering = ["agreement", "number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_round_once")]

    def __str__(self) -> str:
        return f"第{self.number}回 {self.declined_on}"
