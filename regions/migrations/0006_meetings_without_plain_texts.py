"""The four plain texts of a meeting are rows since the migration before (schema apart from data: PostgreSQL asks it)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("regions", "0005_meetings_reviews_and_comments")]

    operations = [
        migrations.RemoveField("conferencemeeting", "old_agenda"),
        migrations.RemoveField("conferencemeeting", "old_attendance"),
        migrations.RemoveField("conferencemeeting", "old_decisions"),
        migrations.RemoveField("conferencemeeting", "old_open_points"),
    ]
