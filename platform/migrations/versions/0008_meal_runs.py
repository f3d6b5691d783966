"""Meal runs: couriers of canteens, plans with their runs, stops and portions."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    op.create_table('canteen_couriers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('canteen_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('means', sa.Enum('foot', 'motor', name='means', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False, comment='portions on the way at once'),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_canteen_couriers_capacity')),
    sa.ForeignKeyConstraint(['canteen_id'], ['canteens.id'], name=op.f('fk_canteen_couriers_canteen_id_canteens'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canteen_couriers'))
    )
    with op.batch_alter_table('canteen_couriers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_canteen_couriers_canteen_id'), ['canteen_id'], unique=False)

    op.create_table('meal_run_plans',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('division_code', sa.String(length=12), nullable=False),
    sa.Column('canteen_id', sa.Uuid(), nullable=True, comment='NULL: every canteen of the division'),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('meal', sa.Enum('breakfast', 'lunch', 'supper', name='meal', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('kind', sa.Enum('meals', 'joint', 'apart', name='mealrunkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('joint_id', sa.Uuid(), nullable=True, comment='of an apart plan: its joint one'),
    sa.Column('proposal_id', sa.Uuid(), nullable=True, comment='the rounds published with it'),
    sa.Column('status', sa.Enum('searching', 'proposed', 'published', 'discarded', 'ended', name='proposalstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('method', sa.Enum('search', 'cheapest_insertion', 'nearest_first', 'nothing_to_do', name='planmethod', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False, comment='time the search took, or may take'),
    sa.Column('progress', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False, comment='while searching: seconds, served, visits'),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True, comment='when the search last gave a sign of life'),
    sa.Column('is_stop_asked', sa.Boolean(), nullable=False),
    sa.Column('figures', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False, comment='portions, visits, km, minutes, heat'),
    sa.Column('left_out', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False, comment='booking or visit ids and reasons'),
    sa.Column('set_aside', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False, comment='carrier id and its reasons'),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'apart') = (joint_id IS NOT NULL)", name=op.f('ck_meal_run_plans_apart_from_what')),
    sa.ForeignKeyConstraint(['canteen_id'], ['canteens.id'], name=op.f('fk_meal_run_plans_canteen_id_canteens'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['division_code'], ['divisions.code'], name=op.f('fk_meal_run_plans_division_code_divisions'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['joint_id'], ['meal_run_plans.id'], name=op.f('fk_meal_run_plans_joint_id_meal_run_plans'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['users.id'], name=op.f('fk_meal_run_plans_made_by_id_users'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposals.id'], name=op.f('fk_meal_run_plans_proposal_id_proposals'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['published_by_id'], ['users.id'], name=op.f('fk_meal_run_plans_published_by_id_users'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meal_run_plans'))
    )
    with op.batch_alter_table('meal_run_plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meal_run_plans_canteen_id'), ['canteen_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meal_run_plans_joint_id'), ['joint_id'], unique=False)
        batch_op.create_index('ix_meal_run_plans_on_division', ['on', 'division_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_meal_run_plans_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('meal_runs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('helper_id', sa.Uuid(), nullable=True),
    sa.Column('courier_id', sa.Uuid(), nullable=True),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1.. within the plan: its colour and its name on the map'),
    sa.Column('means', sa.Enum('foot', 'motor', name='means', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False, comment='portions on the way at once, as planned with'),
    sa.Column('start_minute', sa.Integer(), nullable=False, comment='leaves the base, minutes after local midnight'),
    sa.Column('end_minute', sa.Integer(), nullable=False, comment='back at the base'),
    sa.Column('travel_minutes', sa.Integer(), nullable=False),
    sa.Column('distance_m', sa.Integer(), nullable=False),
    sa.Column('tours', sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False, comment='for each: leave and back minute, minutes and metres of the way back'),
    sa.Column('base_latitude', sa.Float(), nullable=True),
    sa.Column('base_longitude', sa.Float(), nullable=True),
    sa.Column('end_latitude', sa.Float(), nullable=True, comment='where it ends; NULL: at the base'),
    sa.Column('end_longitude', sa.Float(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(helper_id IS NULL) <> (courier_id IS NULL)', name=op.f('ck_meal_runs_one_carrier')),
    sa.ForeignKeyConstraint(['courier_id'], ['canteen_couriers.id'], name=op.f('fk_meal_runs_courier_id_canteen_couriers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['helper_id'], ['helpers.id'], name=op.f('fk_meal_runs_helper_id_helpers'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['plan_id'], ['meal_run_plans.id'], name=op.f('fk_meal_runs_plan_id_meal_run_plans'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meal_runs')),
    sa.UniqueConstraint('plan_id', 'number', name='uq_meal_runs_plan_number')
    )
    with op.batch_alter_table('meal_runs', schema=None) as batch_op:
        batch_op.create_index('ix_meal_runs_courier_on', ['courier_id', 'on'], unique=False)
        batch_op.create_index('ix_meal_runs_helper_on', ['helper_id', 'on'], unique=False)

    op.create_table('meal_run_stops',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('tour', sa.Integer(), nullable=False, comment="which of the run's tours"),
    sa.Column('kind', sa.Enum('counter', 'door', 'visit', name='mealrunstopkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('canteen_id', sa.Uuid(), nullable=True, comment='whose counter, or whose portions'),
    sa.Column('visit_id', sa.Uuid(), nullable=True),
    sa.Column('is_second', sa.Boolean(), nullable=False, comment="the second helper's half of a visit by two"),
    sa.Column('portions', sa.Integer(), nullable=False, comment='taken on at a counter, handed over at a door'),
    sa.Column('arrive_minute', sa.Integer(), nullable=False),
    sa.Column('start_minute', sa.Integer(), nullable=False),
    sa.Column('leave_minute', sa.Integer(), nullable=False),
    sa.Column('travel_minutes', sa.Integer(), nullable=False, comment='from the call before'),
    sa.Column('distance_m', sa.Integer(), nullable=False),
    sa.Column('hot_seconds', sa.Integer(), nullable=True, comment='of a door: from leaving the counter to the start'),
    sa.Column('latitude', sa.Float(), nullable=True, comment='where it was planned'),
    sa.Column('longitude', sa.Float(), nullable=True),
    sa.Column('is_approximate', sa.Boolean(), nullable=False, comment="the village's point, for want of a pin"),
    sa.CheckConstraint("(kind = 'door') = (hot_seconds IS NOT NULL)", name=op.f('ck_meal_run_stops_heat')),
    sa.CheckConstraint("(kind = 'visit') = (canteen_id IS NULL)", name=op.f('ck_meal_run_stops_canteen')),
    sa.CheckConstraint("(kind = 'visit') = (visit_id IS NOT NULL)", name=op.f('ck_meal_run_stops_visit')),
    sa.ForeignKeyConstraint(['canteen_id'], ['canteens.id'], name=op.f('fk_meal_run_stops_canteen_id_canteens'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['run_id'], ['meal_runs.id'], name=op.f('fk_meal_run_stops_run_id_meal_runs'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_meal_run_stops_visit_id_visits'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meal_run_stops')),
    sa.UniqueConstraint('run_id', 'position', name='uq_meal_run_stops_run_position')
    )
    with op.batch_alter_table('meal_run_stops', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meal_run_stops_canteen_id'), ['canteen_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meal_run_stops_visit_id'), ['visit_id'], unique=False)

    op.create_table('meal_run_portions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('stop_id', sa.Uuid(), nullable=False),
    sa.Column('booking_id', sa.Uuid(), nullable=False),
    sa.Column('is_published', sa.Boolean(), nullable=False, comment="its plan's; here for the index"),
    sa.ForeignKeyConstraint(['booking_id'], ['meal_bookings.id'], name=op.f('fk_meal_run_portions_booking_id_meal_bookings'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['stop_id'], ['meal_run_stops.id'], name=op.f('fk_meal_run_portions_stop_id_meal_run_stops'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meal_run_portions')),
    sa.UniqueConstraint('stop_id', 'booking_id', name='uq_meal_run_portions_stop_booking')
    )
    with op.batch_alter_table('meal_run_portions', schema=None) as batch_op:
        batch_op.create_index('ix_meal_run_portions_booking', ['booking_id'], unique=False)
        batch_op.create_index('uq_meal_run_portions_one_published', ['booking_id'], unique=True, sqlite_where=sa.text('is_published'), postgresql_where=sa.text('is_published'))

