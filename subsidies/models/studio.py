"""The test bench of rulesets: what was run under which rules and data, and examples that staff add to a program."""

from django.conf import settings
from django.db import models

from .program import Program, RuleSetVersion


class BenchRun(models.Model):
    """The result of one replay or reach of one content of a ruleset; kept by the hashes of what it was made from."""

    class Kind(models.TextChoices):
        REPLAY = "replay", "過去の支援での確認"
        REACH = "reach", "対象になりうる市町村"

    ruleset = models.ForeignKey(RuleSetVersion, models.CASCADE, related_name="bench_runs", verbose_name="ルール")
    kind = models.CharField("種別", max_length=10, choices=Kind)
    content_hash = models.CharField("ルールの指紋", max_length=64)
    data_hash = models.CharField("データの指紋", max_length=64)
    result = models.JSONField("結果")
    made_at = models.DateTimeField("実行日時")

    class Meta:
        verbose_name = verbose_name_plural = "試験の結果"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "kind", "content_hash", "data_hash"], name="bench_run_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ruleset_id} {self.kind}"


class WorkedExample(models.Model):
    """An example that staff add to a program: these towns in that year ought to give this result.

    `question` is what `subsidies.questions.Desk.read` takes but the program; `rule` the id of one rule, empty for the
    requirements of the region as a whole.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="examples", verbose_name="制度")
    title = models.CharField("名称", max_length=100)
    question = models.JSONField("問い")
    rule = models.CharField("要件の番号", max_length=20, blank=True)
    expected = models.CharField("期待する結果", max_length=20)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作成者")
    made_at = models.DateTimeField("作成日時")
    removed_at = models.DateTimeField("取りやめた日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "計算例"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title
