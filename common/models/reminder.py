"""What was called to mind: one row for each obligation, due date and step, so that nothing is sent twice."""

from django.db import models


class Reminder(models.Model):
    """A step that went out. The row is written with the notices, so a second machine at the same moment writes none.

    A due date that moves is another one: its steps begin anew. `step` are days from the due date.
    """

    kind = models.CharField("種類", max_length=30)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    due_on = models.DateField("期限")
    step = models.SmallIntegerField("期限からの日数")
    sent_at = models.DateTimeField("知らせた日時")

    class Meta:
        verbose_name = verbose_name_plural = "期限のお知らせ"
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "due_on", "step"], name="reminder_step_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.due_on} {self.step:+d}"
