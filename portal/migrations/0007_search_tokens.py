"""The letters of the search index as the database finds them: `bigint[]` under GIN, or an FTS5 table (decision 0037).

What the index holds is read anew at the next question.
"""

import django.db.models.deletion
from django.db import migrations, models

import portal.finding.tokens

_MAKE = {
    "postgresql": (
        "CREATE TABLE portal_searchtokens (rowid bigint PRIMARY KEY, tokens bigint[] NOT NULL)"
        " WITH (toast_tuple_target = 128)",
        "CREATE INDEX portal_searchtokens_tokens ON portal_searchtokens USING gin (tokens)"
        " WITH (gin_pending_list_limit = 256)",
        """
CREATE FUNCTION portal_holding(wanted bigint[]) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 1000
SET enable_seqscan = off AS $$
  SELECT rowid FROM portal_searchtokens WHERE tokens @> wanted
$$
""",
    ),
    "sqlite": (
        "CREATE VIRTUAL TABLE portal_searchtokens"
        " USING fts5(tokens, detail = column, columnsize = 0, tokenize = 'ascii')",
    ),
}


def _make(apps, schema_editor):
    for statement in _MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
    if apps.get_model("portal", "SearchEntry").objects.exists():
        apps.get_model("portal", "SearchStale").objects.create(kind="*", key="")


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION portal_holding(bigint[])")
    schema_editor.execute("DROP TABLE portal_searchtokens")


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0006_carrying_out_a_disposal'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(_make, _drop)],
            [
                migrations.CreateModel(
                    name='SearchTokens',
                    fields=[
                        ('entry', models.OneToOneField(db_column='rowid', db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tokens', serialize=False, to='portal.searchentry')),
                        ('tokens', portal.finding.tokens.TokensField()),
                    ],
                    options={
                        'verbose_name': '検索の索引の文字',
                        'verbose_name_plural': '検索の索引の文字',
                    },
                ),
            ],
        ),
    ]
