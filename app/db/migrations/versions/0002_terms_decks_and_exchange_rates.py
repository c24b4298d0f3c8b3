"""terms, decks and exchange rates"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exchange_rates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('base', sa.Text(), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('rate', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchange_rates')),
    sa.UniqueConstraint('base', 'quote', 'day', name=op.f('uq_exchange_rates_base_quote_day')),
    sqlite_strict=True
    )
    op.create_table('rate_decks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=True),
    sa.Column('loaded_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_rate_decks_carrier_id')),
    sa.ForeignKeyConstraint(['document_id'], ['source_documents.id'], name=op.f('fk_rate_decks_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_decks')),
    sa.UniqueConstraint('carrier_id', 'kind', 'name', 'sha256', name=op.f('uq_rate_decks_carrier_id_kind_name_sha256')),
    sqlite_strict=True
    )
    with op.batch_alter_table('rate_decks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rate_decks_document_id'), ['document_id'], unique=False)

    # plain ALTER TABLE, without batches: a batch makes the table anew and forgets STRICT on SQLite
    op.add_column('charge_ratings', sa.Column('amended', sa.BigInteger(), nullable=True))
    for name, kind, default in (
        ('price_change', sa.Text(), 'split'),
        ('time_zone', sa.Text(), 'UTC'),
        ('exchange', sa.Text(), 'none'),
        ('offer', sa.Boolean(), sa.false()),
    ):
        op.add_column('contracts', sa.Column(name, kind, nullable=False, server_default=default))
    for name in ('zone', 'parameters', 'amendment', 'reason'):
        op.add_column('rate_elements', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    op.add_column('rate_elements', sa.Column('service_kind', sa.Text(), nullable=True))
    op.add_column('rate_elements', sa.Column('agreed', sa.Date(), nullable=True))
    op.execute(
        "UPDATE rate_elements SET parameters = 'initial=' || initial_seconds || '; increment=' || increment_seconds "
        "WHERE model = 'per_minute'"
    )
    op.drop_column('rate_elements', 'initial_seconds')
    op.drop_column('rate_elements', 'increment_seconds')


# there is no way down: a workspace goes back by restoring the backup that was made before the migration
