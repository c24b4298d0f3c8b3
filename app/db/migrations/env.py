"""What Alembic runs to migrate: always on a connection that `app.db.migrate` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from app.models import Base
from app.models.base import EnumType, MoneyType, RateType, UtcDateTime

_STORED_AS = {
    MoneyType: "sa.BigInteger()",
    RateType: "sa.BigInteger()",
    UtcDateTime: "sa.DateTime()",
    EnumType: "sa.Text()",
}


def write_stored_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name what is stored, not our types: these may change, a migration may not."""
    return _STORED_AS.get(type(item), False) if kind == "type" else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    render_item=write_stored_type,
)
with context.begin_transaction():
    context.run_migrations()
