"""The database itself refuses to change or delete what the audit trail holds.

Sealing may number an entry once; nothing else may touch it.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_REFUSAL = "the audit trail is append-only"

_POSTGRESQL = f"""
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_entries' THEN
    IF OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
       AND to_jsonb(OLD) - 'seal_id' = to_jsonb(NEW) - 'seal_id' THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '{_REFUSAL}';
END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
"""

_KEPT = (
    "id", "at", "actor_id", "actor_name", "act", "subject_type", "subject_id",
    "division_code", "reason", "changes", "address",
)  # fmt: skip


def _sqlite() -> list[str]:
    same = " AND ".join(f'OLD."{column}" IS NEW."{column}"' for column in _KEPT)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    return [
        f"CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
        f"WHEN NOT (OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL AND {same}) {refuse}",
        f"CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries {refuse}",
        f"CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals {refuse}",
        f"CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals {refuse}",
    ]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_POSTGRESQL)
        return
    for statement in _sqlite():
        op.execute(statement)
