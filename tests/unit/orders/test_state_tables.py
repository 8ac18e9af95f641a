from core.actor import Role
from orders.rules import states
from orders.rules.states import Axis, FulfilmentState, OrderState, PaymentState
from tests.rows import each_row

BEGINNINGS = {
    Axis.ORDER: OrderState.PLACED,
    Axis.PAYMENT: PaymentState.PENDING,
    Axis.FULFILMENT: FulfilmentState.NEW,
}


@each_row("axis", list(Axis))
def test_every_state_can_be_reached(axis: Axis) -> None:
    reached = {str(BEGINNINGS[axis])}
    for _ in range(10):
        reached |= {step.to for (state, _), step in states.TABLES[axis].items() if state in reached}
    assert reached == {str(state) for state in states.STATES[axis]}


@each_row("axis", list(Axis))
def test_tables_name_only_known_states(axis: Axis) -> None:
    known = {str(state) for state in states.STATES[axis]}
    for (state, _), step in states.TABLES[axis].items():
        assert {state, step.to} <= known


@each_row("axis", list(Axis))
def test_every_step_may_be_done_by_the_system(axis: Axis) -> None:
    assert all(Role.SYSTEM in step.roles for step in states.TABLES[axis].values())


def test_a_partner_moves_nothing() -> None:
    for table in states.TABLES.values():
        assert all(Role.PARTNER not in step.roles for step in table.values())


def test_a_producer_touches_neither_money_nor_the_order() -> None:
    for axis in (Axis.ORDER, Axis.PAYMENT):
        assert all(Role.PRODUCER not in step.roles for step in states.TABLES[axis].values())


def test_what_was_delivered_cannot_be_cancelled() -> None:
    assert states.step(Axis.FULFILMENT, "delivered", "cancel") is None
    assert states.step(Axis.FULFILMENT, "shipped", "cancel") is None


@each_row(
    ("parcels", "event"),
    [
        ([], None),
        (["delivered"], "complete"),
        (["delivered", "rejected"], "complete"),
        (["delivered", "shipped"], None),
        (["rejected", "cancelled"], "cancel"),
        (["returned"], "cancel"),
        (["new"], None),
    ],
)
def test_an_order_ends_with_its_parcels(parcels: list[str], event: str | None) -> None:
    assert states.order_event_from_parcels(parcels) == event
