"""Steps of the year's turn that somebody has ticked off."""

from __future__ import annotations

from django.db import models


class RolloverStep(models.Model):
    """A step of the turn of the year (年度更新) that somebody has called done. No row: it is still to do."""

    class Step(models.TextChoices):
        NUMBERS = "numbers", "番号簿を新年度に切り替える"
        CALLS = "calls", "新年度の募集を準備する"
        RULES = "rules", "制度のルールの適用年度を確かめる"
        STAFF = "staff", "人事異動の引継ぎを行う"
        WORK = "work", "旧年度の処理を終える"
        FIGURES = "figures", "指標と人口の版を更新する"

    fiscal_year = models.PositiveSmallIntegerField("新年度")
    step = models.CharField("手順", max_length=10, choices=Step)
    done_at = models.DateTimeField("終えた日時")
    done_who = models.CharField("終えた人", max_length=200)
    note = models.CharField("備考", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度更新の手順"
        ordering = ["-fiscal_year", "step"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "step"], name="rollover_step_once")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.step}"
