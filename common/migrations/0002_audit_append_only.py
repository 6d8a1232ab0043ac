"""The audit chain can only grow: triggers refuse to change or remove an event, and the head moves by one."""

from django.db import migrations

_REFUSAL = "監査記録は追記のみです。"

CREATE = {
    "sqlite": [
        f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON common_auditevent BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON common_auditevent BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        f"CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON common_audithead BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
        "CREATE TRIGGER audit_head_moves_by_one BEFORE UPDATE ON common_audithead"
        f" WHEN NEW.last_event <> OLD.last_event + 1 BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON common_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON common_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON common_auditevent"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON common_audithead"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON common_audithead"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_head_moves_by_one BEFORE UPDATE ON common_audithead FOR EACH ROW"
        " WHEN (NEW.last_event <> OLD.last_event + 1) EXECUTE FUNCTION audit_append_only()",
    ],
}
DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_event_no_update",
        "DROP TRIGGER IF EXISTS audit_event_no_delete",
        "DROP TRIGGER IF EXISTS audit_head_no_delete",
        "DROP TRIGGER IF EXISTS audit_head_moves_by_one",
    ],
    "postgresql": ["DROP FUNCTION IF EXISTS audit_append_only() CASCADE"],
}


def _create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def _drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = [migrations.RunPython(_create, _drop)]
