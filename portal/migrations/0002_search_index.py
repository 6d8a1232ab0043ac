"""The search index and the marks of what changed. Its triggers are put on after each migrate (`portal.finding.index`)."""

from django.db import migrations, models


def _store_plain(apps, schema_editor):
    """Keep the words uncompressed: to look through 10,000 of them takes 40 ms instead of 65 (decision 0034)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE portal_searchentry ALTER COLUMN text SET STORAGE EXTERNAL", params=None)


def _without_triggers(apps, schema_editor):
    from portal.finding.index import remove_triggers

    remove_triggers()


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_prefecture_indicators'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchStale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=40)),
            ],
            options={
                'verbose_name': '索引の更新待ち',
                'verbose_name_plural': '索引の更新待ち',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12, verbose_name='種類')),
                ('key', models.CharField(max_length=40, verbose_name='対象')),
                ('layer', models.CharField(choices=[('all', 'すべて'), ('own', '参加市町村'), ('office', '提出された内容')], default='all', max_length=6, verbose_name='範囲')),
                ('ref', models.BigIntegerField(null=True, verbose_name='対象の番号')),
                ('order', models.BigIntegerField(default=0, verbose_name='並び順')),
                ('title', models.CharField(max_length=250, verbose_name='題名')),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='内容')),
                ('name', models.TextField(verbose_name='番号と名前')),
                ('text', models.TextField(verbose_name='語')),
                ('amounts', models.TextField(blank=True, verbose_name='金額')),
                ('shown', models.TextField(verbose_name='表示する文')),
            ],
            options={
                'verbose_name': '検索の索引',
                'verbose_name_plural': '検索の索引',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'layer'), name='search_entry_once')],
            },
        ),
        migrations.RunPython(_store_plain, _without_triggers),
    ]
