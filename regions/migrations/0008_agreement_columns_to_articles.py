from django.db import migrations


class Migration(migrations.Migration):
    """Apart from 0007: PostgreSQL alters no table that has rows waiting for their deferred checks."""

    dependencies = [("regions", "0007_agreement_text")]

    operations = [
        migrations.RemoveField(
            model_name='agreement',
            name='basic_policy',
        ),
        migrations.RemoveField(
            model_name='agreement',
            name='change_clause',
        ),
        migrations.RemoveField(
            model_name='agreement',
            name='cost_sharing',
        ),
        migrations.RemoveField(
            model_name='agreement',
            name='purpose',
        ),
        migrations.RemoveField(
            model_name='agreement',
            name='term',
        ),
    ]
