"""PostgreSQL says itself which fact is the newest, and whether an older one can still appear."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# Volatile: each query inside sees what was committed before it. Who writes a fact locks the table before an id
# is drawn, until the end. So where no such lock is held, and the newest fact is the same before and after
# that look, all facts up to it are decided and seen. Running transactions cannot tell: one that got its
# number after the newest that has ended is not in a snapshot, though its fact may be the older one.
_NEWEST = """
CREATE FUNCTION ocop_newest_fact(
  moment bigint, OUT fact_id bigint, OUT turned_at bigint, OUT is_settled boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before bigint;
BEGIN
  SELECT max(id) INTO before FROM fact;
  is_settled := NOT EXISTS (
    SELECT FROM pg_lock_status()
     WHERE locktype = 'relation' AND relation = 'fact'::regclass AND mode = 'RowExclusiveLock'
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database()));
  SELECT max(id), (SELECT max(at_epoch) FROM turning_point WHERE at_epoch <= moment)
    INTO fact_id, turned_at FROM fact;
  is_settled := is_settled AND fact_id IS NOT DISTINCT FROM before;
END
$$
"""


def upgrade() -> None:
    """Add the function; SQLite has one writer at a time and needs none."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_NEWEST)


def downgrade() -> None:
    """Take the function away."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ocop_newest_fact(bigint)")
