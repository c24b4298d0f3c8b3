"""files that wait, bank statements, orders, tickets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('surcharge_factors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('region', sa.Text(), nullable=False),
    sa.Column('effective_from', sa.Date(), nullable=False),
    sa.Column('percent', sa.BigInteger(), nullable=False),
    sa.Column('base', sa.Text(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_surcharge_factors')),
    sa.UniqueConstraint('name', 'region', 'effective_from', name=op.f('uq_surcharge_factors_name_region_effective_from')),
    sqlite_strict=True
    )
    op.create_table('bank_statements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('account_key', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('opening', sa.BigInteger(), nullable=True),
    sa.Column('opening_day', sa.Date(), nullable=True),
    sa.Column('closing', sa.BigInteger(), nullable=True),
    sa.Column('closing_day', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['source_documents.id'], name=op.f('fk_bank_statements_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_statements')),
    sqlite_strict=True
    )
    with op.batch_alter_table('bank_statements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_statements_account_key'), ['account_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_statements_document_id'), ['document_id'], unique=False)

    op.create_table('budgets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cost_centre', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('carrier_key', sa.Text(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=True),
    sa.Column('service_kind', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_budgets_carrier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_budgets')),
    sa.UniqueConstraint('cost_centre', 'month', 'currency', 'carrier_key', 'service_kind', name=op.f('uq_budgets_cost_centre_month_currency_carrier_key_service_kind')),
    sqlite_strict=True
    )
    with op.batch_alter_table('budgets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_budgets_carrier_id'), ['carrier_id'], unique=False)

    op.create_table('charge_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('code_key', sa.Text(), nullable=False),
    sa.Column('description_key', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('charge_type', sa.Text(), nullable=False),
    sa.Column('ignored', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('learned_by', sa.Text(), nullable=False),
    sa.Column('learned_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_charge_codes_carrier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_charge_codes')),
    sa.UniqueConstraint('carrier_id', 'code_key', 'description_key', name=op.f('uq_charge_codes_carrier_id_code_key_description_key')),
    sqlite_strict=True
    )
    op.create_table('held_documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('importer', sa.Text(), nullable=False),
    sa.Column('parsed', sa.Text(), nullable=False),
    sa.Column('choices', sa.Text(), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('container_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['container_id'], ['source_documents.id'], name=op.f('fk_held_documents_container_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_documents')),
    sa.UniqueConstraint('sha256', name=op.f('uq_held_documents_sha256')),
    sqlite_strict=True
    )
    with op.batch_alter_table('held_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_documents_container_id'), ['container_id'], unique=False)

    op.create_table('import_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('table_name', sa.Text(), nullable=False),
    sa.Column('row_key', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('after', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['source_documents.id'], name=op.f('fk_import_changes_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_changes')),
    sqlite_strict=True
    )
    with op.batch_alter_table('import_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_changes_document_id'), ['document_id'], unique=False)
        batch_op.create_index('ix_import_changes_row', ['table_name', 'row_key'], unique=False)

    op.create_table('quarantined_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('importer', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('remedy', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('received_at', sa.DateTime(), nullable=False),
    sa.Column('received_by', sa.Text(), nullable=False),
    sa.Column('container_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['container_id'], ['source_documents.id'], name=op.f('fk_quarantined_files_container_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantined_files')),
    sa.UniqueConstraint('sha256', name=op.f('uq_quarantined_files_sha256')),
    sqlite_strict=True
    )
    with op.batch_alter_table('quarantined_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarantined_files_container_id'), ['container_id'], unique=False)

    op.create_table('rejected_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['source_documents.id'], name=op.f('fk_rejected_rows_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rejected_rows')),
    sqlite_strict=True
    )
    with op.batch_alter_table('rejected_rows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rejected_rows_document_id'), ['document_id'], unique=False)

    op.create_table('account_aliases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('ban', sa.Text(), nullable=False),
    sa.Column('ban_key', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('added_by', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['billing_accounts.id'], name=op.f('fk_account_aliases_account_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_account_aliases_carrier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_aliases')),
    sa.UniqueConstraint('carrier_id', 'ban_key', name=op.f('uq_account_aliases_carrier_id_ban_key')),
    sqlite_strict=True
    )
    with op.batch_alter_table('account_aliases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_aliases_account_id'), ['account_id'], unique=False)

    op.create_table('outage_tickets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('circuit_id', sa.Text(), nullable=False),
    sa.Column('circuit_key', sa.Text(), nullable=False),
    sa.Column('tn', sa.Text(), nullable=False),
    sa.Column('tn_key', sa.Text(), nullable=False),
    sa.Column('started', sa.DateTime(), nullable=False),
    sa.Column('ended', sa.DateTime(), nullable=True),
    sa.Column('excluded', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['billing_accounts.id'], name=op.f('fk_outage_tickets_account_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_outage_tickets_carrier_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outage_tickets')),
    sa.UniqueConstraint('carrier_id', 'reference', 'circuit_key', 'tn_key', name=op.f('uq_outage_tickets_carrier_id_reference_circuit_key_tn_key')),
    sqlite_strict=True
    )
    with op.batch_alter_table('outage_tickets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outage_tickets_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outage_tickets_circuit_key'), ['circuit_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_outage_tickets_started'), ['started'], unique=False)
        batch_op.create_index(batch_op.f('ix_outage_tickets_tn_key'), ['tn_key'], unique=False)

    op.create_table('service_orders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('location_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('circuit_id', sa.Text(), nullable=False),
    sa.Column('circuit_key', sa.Text(), nullable=False),
    sa.Column('tn', sa.Text(), nullable=False),
    sa.Column('tn_key', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('contract', sa.Text(), nullable=False),
    sa.Column('ordered', sa.Date(), nullable=False),
    sa.Column('foc', sa.Date(), nullable=True),
    sa.Column('completed', sa.Date(), nullable=True),
    sa.Column('cancelled', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['billing_accounts.id'], name=op.f('fk_service_orders_account_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_service_orders_carrier_id')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_service_orders_location_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_orders')),
    sa.UniqueConstraint('carrier_id', 'number', 'circuit_key', 'tn_key', 'code', name=op.f('uq_service_orders_carrier_id_number_circuit_key_tn_key_code')),
    sqlite_strict=True
    )
    with op.batch_alter_table('service_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_orders_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_orders_circuit_key'), ['circuit_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_orders_location_id'), ['location_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_orders_tn_key'), ['tn_key'], unique=False)

    op.create_table('work_tickets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('carrier_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('location_id', sa.Integer(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('circuit_id', sa.Text(), nullable=False),
    sa.Column('circuit_key', sa.Text(), nullable=False),
    sa.Column('started', sa.DateTime(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('after_hours', sa.Boolean(), nullable=False),
    sa.Column('expedited', sa.Boolean(), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['billing_accounts.id'], name=op.f('fk_work_tickets_account_id')),
    sa.ForeignKeyConstraint(['carrier_id'], ['carriers.id'], name=op.f('fk_work_tickets_carrier_id')),
    sa.ForeignKeyConstraint(['location_id'], ['locations.id'], name=op.f('fk_work_tickets_location_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_tickets')),
    sa.UniqueConstraint('carrier_id', 'reference', name=op.f('uq_work_tickets_carrier_id_reference')),
    sqlite_strict=True
    )
    with op.batch_alter_table('work_tickets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_tickets_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_tickets_circuit_key'), ['circuit_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_tickets_location_id'), ['location_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_tickets_started'), ['started'], unique=False)

    op.create_table('bank_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('statement_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('line_key', sa.Text(), nullable=False),
    sa.Column('booked', sa.Date(), nullable=True),
    sa.Column('valued', sa.Date(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('bank_reference', sa.Text(), nullable=False),
    sa.Column('party', sa.Text(), nullable=False),
    sa.Column('party_account', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('returned', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('matched_how', sa.Text(), nullable=False),
    sa.Column('matched_by', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_bank_lines_payment_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['bank_statements.id'], name=op.f('fk_bank_lines_statement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_lines')),
    sa.UniqueConstraint('statement_id', 'seq', name=op.f('uq_bank_lines_statement_id_seq')),
    sqlite_strict=True
    )
    with op.batch_alter_table('bank_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_lines_line_key'), ['line_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_lines_payment_id'), ['payment_id'], unique=False)

    op.create_table('payment_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('file_reference', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.Text(), nullable=False),
    sa.Column('day', sa.Date(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('party', sa.Text(), nullable=False),
    sa.Column('party_account', sa.Text(), nullable=False),
    sa.Column('change', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('told_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['payment_batches.id'], name=op.f('fk_payment_answers_batch_id')),
    sa.ForeignKeyConstraint(['document_id'], ['source_documents.id'], name=op.f('fk_payment_answers_document_id')),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_payment_answers_payment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_answers')),
    sqlite_strict=True
    )
    with op.batch_alter_table('payment_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_answers_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_answers_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_answers_payment_id'), ['payment_id'], unique=False)

    # plain ALTER TABLE, without batches: a batch makes the table anew and forgets STRICT on SQLite
    op.execute(
        "ALTER TABLE source_documents ADD COLUMN container_id INTEGER "
        "CONSTRAINT fk_source_documents_container_id REFERENCES source_documents (id)"
    )
    op.create_index('ix_source_documents_container_id', 'source_documents', ['container_id'])
    op.add_column('workspace_info', sa.Column('review', sa.Text(), nullable=False, server_default='needed'))


# there is no way down: a workspace goes back by restoring the backup that was made before the migration
