"""Places orders one after the other until it is told to stop or killed; for tests of races and kills.

    python tests/integration/orders/place_orders.py DATABASE_URL PACKAGE_ID[,PACKAGE_ID…] COUNT [QUANTITY]

Prints "placed NUMBER" after each commit and "refused" when the shelf is empty, each line at once.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from core.clock import vietnam_date
from core.db import begin_write, make_engine, write_session
from core.errors import Conflict
from core.settings import Settings
from orders import carts, checkout
from orders.checkout import CheckoutRequest
from orders.payments.registry import enabled_gateways


def main(url: str, packages: list[int], count: int, quantity: int) -> None:
    """Place so many orders, each in transactions like those of the shop."""
    engine = make_engine(url)
    gateways = enabled_gateways(Settings())
    for _ in range(count):
        now = datetime.now(UTC)
        on = vietnam_date(now)
        token = carts.new_token()
        with write_session(engine) as session:
            for package_id in packages:
                carts.add(session, token, package_id, quantity, now=now, on=on)
            session.commit()
        with write_session(engine) as session:
            begin_write(session)
            page = carts.cart_page(session, token, locale="vi", on=on, now=now)
            request = CheckoutRequest(
                checkout_token=checkout.new_checkout_token(),
                quote_digest=page.digest,
                locale="vi",
                recipient="Nguyễn Thị Bưởi",
                phone="+84912345678",
                email="buoi@example.vn",
                province_code="96",
                commune="Phường An Xuyên",
                street="12 Phan Ngọc Hiển",
                note=None,
                payment_method="vietqr",
            )
            try:
                order = checkout.place(
                    session, request, token=token, gateways=gateways, now=now, on=on
                )
                session.commit()
                line = f"placed {order.number}"
            except Conflict:
                session.rollback()
                line = "refused"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    engine.dispose()


if __name__ == "__main__":
    main(
        sys.argv[1],
        [int(number) for number in sys.argv[2].split(",")],
        int(sys.argv[3]),
        int(sys.argv[4]) if len(sys.argv) > 4 else 1,
    )
