"""The ledger of a budget can only grow: triggers refuse to change or remove an entry."""

from django.db import migrations

_REFUSAL = "予算の台帳は追記のみです。"

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER budget_entry_no_update BEFORE UPDATE ON subsidies_budgetentry BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER budget_entry_no_delete BEFORE DELETE ON subsidies_budgetentry BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION budget_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER budget_entry_no_update BEFORE UPDATE ON subsidies_budgetentry"
        " FOR EACH ROW EXECUTE FUNCTION budget_append_only()",
        "CREATE TRIGGER budget_entry_no_delete BEFORE DELETE ON subsidies_budgetentry"
        " FOR EACH ROW EXECUTE FUNCTION budget_append_only()",
        "CREATE TRIGGER budget_entry_no_truncate BEFORE TRUNCATE ON subsidies_budgetentry"
        " FOR EACH STATEMENT EXECUTE FUNCTION budget_append_only()",
    ],
}
DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS budget_entry_no_update",
        "DROP TRIGGER IF EXISTS budget_entry_no_delete",
    ],
    "postgresql": ["DROP FUNCTION IF EXISTS budget_append_only() CASCADE"],
}


def _create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def _drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    replaces = [("subsidies", "0007_ledger_append_only")]
    dependencies = [("subsidies", "0001_tables")]
    operations = [migrations.RunPython(_create, _drop)]
