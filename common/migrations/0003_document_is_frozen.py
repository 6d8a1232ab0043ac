"""An issued paper never changes: triggers refuse to touch its data, its number, or the hash of its PDF once drawn."""

from django.db import migrations

_REFUSAL = "発行した文書の内容は変更できません。"
_FROZEN = (
    "kind", "template_version", "title", "subject_type", "subject_id", "office_key", "addressee", "number_id",
    "issued_on", "issued_at", "issued_by_id", "internal", "snapshot",
)  # fmt: skip

CREATE = {
    "sqlite": [
        "CREATE TRIGGER document_is_frozen BEFORE UPDATE ON common_documentissue WHEN "
        + " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _FROZEN)
        + " OR (OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256)"
        + f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION document_is_frozen() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER document_is_frozen BEFORE UPDATE ON common_documentissue FOR EACH ROW WHEN ("
        + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _FROZEN)
        + " OR (OLD.sha256 <> '' AND NEW.sha256 <> OLD.sha256)) EXECUTE FUNCTION document_is_frozen()",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER IF EXISTS document_is_frozen"],
    "postgresql": ["DROP FUNCTION IF EXISTS document_is_frozen() CASCADE"],
}


def _create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def _drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("common", "0002_audit_append_only")]
    operations = [migrations.RunPython(_create, _drop)]
