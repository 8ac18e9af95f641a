from datetime import datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.facts import Fact
from core.mail import OutgoingMail, queue_mail


@pytest.mark.parametrize("deed", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_what_was_done_can_be_neither_changed_nor_removed(
    session: Session, now: datetime, deed: str
) -> None:
    audit.record(session, Actor.system("test"), "product.published", subject="product:1", now=now)
    session.flush()

    with pytest.raises(DBAPIError, match="only ever added"):
        session.execute(text(deed))


def test_the_trail_of_one_thing_is_told_newest_first(session: Session, now: datetime) -> None:
    for action in ("product.created", "product.published"):
        audit.record(session, Actor.system("test"), action, subject="product:1", now=now)
    audit.record(session, Actor.system("test"), "product.created", subject="product:2", now=now)
    session.flush()

    trail = audit.list_entries(session, subject="product:1")

    assert [entry.action for entry in trail] == ["product.published", "product.created"]


def test_one_cause_mails_once(session: Session, now: datetime) -> None:
    def queue(subject: str) -> OutgoingMail:
        return queue_mail(
            session,
            key="order-placed:17",
            recipient="an@example.vn",
            subject=subject,
            body_text="Cảm ơn",
            body_html=None,
            locale="vi",
            now=now,
        )

    first = queue("Đơn hàng")
    second = queue("Đơn hàng khác")

    assert second.id == first.id
    assert second.subject == "Đơn hàng"
    assert session.scalar(select(func.count()).select_from(Fact)) == 1
