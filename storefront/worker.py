"""The process that turns facts into tasks and works through them; safe to kill at any moment.

A task is claimed with a lease in one transaction, worked on, and marked done (see ``storefront.reactions``
for the kinds of work). A worker that is killed keeps nothing: the next worker of the same name puts its
tasks back at once, any other does so after the lease has run out.
"""

from __future__ import annotations

import fcntl
import logging
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import clock, tasks
from core.facts import Fact, dispatch
from core.settings import Settings
from core.tasks import Claim, Task
from storefront.emails import (
    deliver_mail,
    mail_order_cancelled,
    mail_order_confirmation,
    mail_order_paid,
)
from storefront.ending_mail import mail_ending_papers
from storefront.feeds import deliver_batch
from storefront.import_work import look_through_import, store_import
from storefront.judging import apply_new_rules, judge_markets
from storefront.logs import describe_failure
from storefront.picture_work import make_renditions
from storefront.reactions import (
    Batch,
    Delivery,
    Effect,
    Reaction,
    WorkerContext,
    index_products,
    readdress_products,
)
from storefront.recall_emails import mail_recall
from storefront.timers import TIMERS, Timer
from storefront.visit_mail import mail_visit_asked, mail_visit_moved
from storefront.voice_mails import (
    mail_parcel_delivered,
    mail_question_answered,
    mail_question_asked,
    mail_wholesale_answered,
    mail_wholesale_asked,
)

log = logging.getLogger("ocop.worker")

CLAIM_AT_ONCE = 200
IDLE_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
REAP_EVERY = timedelta(seconds=10)
MOST_WORKERS = 64
JITTER = 0.25


_INDEX = (Batch(index_products), Batch(judge_markets))
_READDRESS = Batch(readdress_products)
REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "product.published": (*_INDEX, _READDRESS),
    "product.changed": (*_INDEX, _READDRESS),
    "product.readdressed": (),  # the index keeps first addresses, which lead on
    "product.withdrawn": _INDEX,
    "certificate.recorded": _INDEX,
    "certificate.revoked": _INDEX,
    "certificate.superseded": (),  # the decision that replaces it is announced as recorded
    "paper.recorded": _INDEX,
    "paper.checked": _INDEX,
    "paper.suspended": _INDEX,
    "paper.resumed": _INDEX,
    "paper.revoked": _INDEX,
    "papers.ending": (Effect(mail_ending_papers),),
    "licence.granted": _INDEX,
    "licence.suspended": _INDEX,
    "licence.resumed": _INDEX,
    "licence.revoked": _INDEX,
    "right.recorded": (),  # a right without licences shows nowhere but on its own page
    "right.suspended": (),  # with each of these, producer.changed is told of every licensed producer
    "right.resumed": (),
    "right.revoked": (),
    "producer.changed": _INDEX,
    "stock.changed": (),  # kept pages are thrown away by any fact; nothing else shows stock
    "lot.created": (),  # the lot's page reads what is true when it is opened
    "lot.event_recorded": (),
    "lot.recalled": (Effect(mail_recall),),
    "lot.recall_ended": (),
    "live.changed": (),  # kept pages are thrown away by any fact; nothing else shows a session
    "live.sold": (),
    "order.placed": (Effect(mail_order_confirmation),),
    "order.paid": (Effect(mail_order_paid),),
    "order.cancelled": (Effect(mail_order_cancelled),),
    "place.changed": (),  # its page and its province's read what is true; kept pages fall anyhow
    "picture.picked": (),
    "gift_set.changed": (),
    "visit.asked": (Effect(mail_visit_asked),),
    "visit.moved": (Effect(mail_visit_moved),),
    "parcel.delivered": (Effect(mail_parcel_delivered),),
    "reviews.changed": (),  # what is shown beside a product changed: kept pages are thrown away
    "question.asked": (Effect(mail_question_asked),),
    "question.answered": (Effect(mail_question_answered),),
    "questions.changed": (),
    "wholesale.asked": (Effect(mail_wholesale_asked),),
    "wholesale.answered": (Effect(mail_wholesale_answered),),
    "mail.queued": (Delivery(deliver_mail),),
    "feed.batch_built": (Delivery(deliver_batch),),
    "markets.judged": (),  # lists that are narrowed by a market read the verdicts again
    "regulation.changed": (Delivery(apply_new_rules),),
    "trade_event.changed": (),  # their pages read what is true; kept pages fall with any fact
    "collection.changed": (),
    "article.changed": (),
    "supply.changed": (),
    "media.uploaded": (Delivery(make_renditions),),
    "media.changed": (),  # kept pages are thrown away by any fact; texts of pictures show nowhere else
    "import.sent": (Delivery(look_through_import),),
    "import.confirmed": (Delivery(store_import),),
    "feed.acknowledged": (),  # the office's and the partner's pages read the states themselves
}
"""Everything that follows from each fact; a structure test finds a fact that nobody thought of."""


class LeaseLost(Exception):
    """Another worker took the task meanwhile, so what was done here for it must not be kept."""


class Worker:
    """One worker; ``run`` works until ``stop`` is called, ``work_off`` until nothing is due."""

    def __init__(
        self,
        context: WorkerContext,
        name: str,
        *,
        reactions: dict[str, tuple[Reaction, ...]] = REACTIONS,
        timers: Iterable[Timer] = TIMERS,
    ) -> None:
        """``name`` must belong to one living process only: see ``worker_name``."""
        self.context = context
        self.name = name
        self.stopping = threading.Event()
        self._reactions = {r.name: r for listed in reactions.values() for r in listed}
        self._facts = {fact: [r.name for r in listed] for fact, listed in reactions.items()}
        self._timers = dict.fromkeys(timers, datetime.min.replace(tzinfo=UTC))
        self._reap_at = datetime.min.replace(tzinfo=UTC)
        self._begun = context.settings.data_dir / f"worker-{name}.begun"
        self._alone: frozenset[int] = frozenset()
        self._held: frozenset[int] = frozenset()  # replaced, never changed: another thread reads it

    def run(self) -> None:
        """Work until stopped; a database that does not answer is waited for, ever more patiently."""
        failures = 0
        with self._leases_kept_alive():
            while not self.stopping.is_set():
                worked = False
                try:
                    self._recover_once()
                    worked = self.step()
                    failures = 0
                except OperationalError as error:
                    failures += 1
                    log.warning("database", extra={"facts": describe_failure(error)})
                if not worked:
                    self.stopping.wait(min(IDLE_SECONDS * 2**failures, LONGEST_WAIT_SECONDS))

    def work_off(self) -> int:
        """Do everything that is due now, timers included; returns how many tasks were tried."""
        tried = 0
        with self._leases_kept_alive():
            self._recover_once()
            self._run_timers()
            while not self.stopping.is_set():
                dispatched, worked_on = self._work_once()
                tried += worked_on
                if not dispatched and not worked_on:
                    break
        return tried

    def stop(self, *_signal: Any) -> None:
        """Finish the task at hand, give the others back, and end."""
        self.stopping.set()

    def step(self) -> bool:
        """One round: timers, the reaper, dispatch, claim, work; True when there was something to do."""
        self._run_timers()
        if clock.now() >= self._reap_at:
            self._reap_at = clock.now() + REAP_EVERY
            with self.context.write() as session:
                tasks.reap(session, now=clock.now())
                session.commit()
        return any(self._work_once())

    def _recover_once(self) -> None:
        """Put back what an earlier process of this name was killed over.

        Only the one task it was working on has used up a try: a task that kills its worker ends up parked,
        and nothing else does, however often the power fails. Tasks it worked on together go alone from now
        on, so that the one to blame is found.
        """
        if self._reap_at.year > 1:
            return
        begun = self._begun_before()
        with self.context.write() as session:
            lost = session.scalars(
                select(Task.id).where(Task.state == "running", Task.leased_by == self.name)
            ).all()
            blamed = begun if len(begun) == 1 else frozenset[int]()
            innocent = [task_id for task_id in lost if task_id not in blamed]
            tasks.put_back(session, innocent, worker=self.name, now=clock.now())
            long_ago = clock.now() - 2 * tasks.LEASE
            tasks.extend(session, sorted(blamed), worker=self.name, now=long_ago)
            tasks.reap(session, now=clock.now())
            session.commit()
        self._alone = begun.intersection(lost)
        self._reap_at = clock.now() + REAP_EVERY
        log.info("worker ready", extra={"facts": {"worker": self.name, "put_back": len(lost)}})

    def _note_begun(self, group: list[Claim]) -> None:
        """Leave word, in a file of this worker, of what it is about to do; it survives ``kill -9``."""
        self._begun.write_text(" ".join(str(claim.id) for claim in group), encoding="ascii")

    def _begun_before(self) -> frozenset[int]:
        try:
            words = self._begun.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return frozenset()
        return frozenset(int(word) for word in words if word.isdigit())

    def _run_timers(self) -> None:
        for timer, last in self._timers.items():
            now = clock.now()
            if self.stopping.is_set() or now - last < timer.every:
                continue
            self._timers[timer] = now
            try:
                timer.run(self.context, now)
            except Exception as error:
                facts = {"timer": timer.name, **describe_failure(error)}
                log.exception("timer failed", extra={"facts": facts})

    def _work_once(self) -> tuple[int, int]:
        """Dispatch and work one handful; returns how many facts and how many tasks."""
        if not self._something_waits():
            return 0, 0
        with self.context.write() as session:
            dispatched = dispatch(session, self._facts, now=clock.now())
            session.commit()
        with self.context.write() as session:
            claims = tasks.claim(session, worker=self.name, now=clock.now(), limit=CLAIM_AT_ONCE)
            session.commit()
        self._held = frozenset(claim.id for claim in claims)
        for group in self._grouped(claims):
            if self.stopping.is_set():
                break
            self._work(group)
        self._give_back()
        return dispatched, len(claims)

    def _something_waits(self) -> bool:
        """Look with a plain read first: an idle worker must not take the write lock twice a second."""
        fact = select(Fact.id).where(Fact.dispatched_at.is_(None)).limit(1)
        task = select(Task.id).where(Task.state == "queued", Task.run_at <= clock.now()).limit(1)
        with self.context.read() as session:
            return session.scalar(fact) is not None or session.scalar(task) is not None

    def _grouped(self, claims: list[Claim]) -> list[list[Claim]]:
        """The claims in order of age, those of one batching reaction together at the oldest's place."""
        groups: dict[str | int, list[Claim]] = {}
        for claim in claims:
            reaction = self._reactions.get(claim.reaction)
            together = reaction is not None and reaction.takes_many and claim.id not in self._alone
            groups.setdefault(claim.reaction if together else claim.id, []).append(claim)
        return list(groups.values())

    def _work(self, group: list[Claim]) -> None:
        started = time.perf_counter()
        facts: dict[str, Any] = {
            "reaction": group[0].reaction,
            "tasks": len(group),
            "first": group[0].id,
        }
        self._note_begun(group)
        try:
            self._reaction(group[0].reaction).work(
                self.context, [claim.payload for claim in group], self._finisher(group), clock.now()
            )
            facts["ms"] = round((time.perf_counter() - started) * 1000, 1)
            log.info("task done", extra={"facts": facts})
        except LeaseLost:
            log.warning("lease lost", extra={"facts": facts})
        except Exception as error:  # noqa: BLE001 - whatever a reaction raises, the others go on
            if len(group) > 1:  # find out which of them it is
                log.warning("batch failed", extra={"facts": {**facts, **describe_failure(error)}})
                for claim in group:
                    self._work([claim])
                return
            self._fail(group[0], error)
        self._held = self._held.difference(claim.id for claim in group)

    def _reaction(self, name: str) -> Reaction:
        if name not in self._reactions:
            raise LookupError(f"this version knows no reaction {name}")
        return self._reactions[name]

    def _finisher(self, group: list[Claim]) -> Any:
        ids = [claim.id for claim in group]

        def finish(session: Session) -> None:
            if tasks.finish(session, ids, worker=self.name, now=clock.now()) != len(ids):
                raise LeaseLost

        return finish

    def _fail(self, claim: Claim, error: Exception) -> None:
        described = describe_failure(error)
        note = f"{described['error']}: {described['error_message']}"
        now = clock.now()
        wait = tasks.BACK_OFF[min(claim.attempts, len(tasks.BACK_OFF)) - 1]
        spread = wait * random.uniform(0, JITTER)  # noqa: S311 - spreads load, guards nothing
        with self.context.write() as session:
            state = tasks.fail(session, claim, worker=self.name, now=now + spread, error=note)
            session.commit()
        facts = {"reaction": claim.reaction, "task": claim.id, "attempts": claim.attempts}
        log.error("task failed", extra={"facts": {**facts, "state": state, **described}})

    def _give_back(self) -> None:
        if self._held:
            with self.context.write() as session:
                tasks.put_back(session, list(self._held), worker=self.name, now=clock.now())
                session.commit()
        self._held = frozenset()

    def _extend_leases(self) -> None:
        if held := list(self._held):
            with self.context.write() as session:
                tasks.extend(session, held, worker=self.name, now=clock.now())
                session.commit()

    @contextmanager
    def _leases_kept_alive(self) -> Iterator[None]:
        """Extend the leases of what is at hand from a second thread: one delivery may take minutes."""
        ended = threading.Event()

        def extend() -> None:
            while not ended.wait(tasks.LEASE.total_seconds() / 3):
                try:
                    self._extend_leases()
                except OperationalError as error:
                    log.warning("database", extra={"facts": describe_failure(error)})

        thread = threading.Thread(target=extend, name="leases", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


@contextmanager
def worker_name(data_dir: Path) -> Iterator[str]:
    """A name no other living worker has, and that comes back after a ``kill -9``.

    It stands in a file of the data directory that is locked while the process lives; the kernel gives the
    lock up even when the process cannot. Raises RuntimeError when 64 workers share the directory.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    for number in range(MOST_WORKERS):
        with (data_dir / f"worker-{number}.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            file.seek(0)
            name = file.read().strip()
            if not name:
                name = f"{number}-{secrets.token_hex(6)}"
                file.write(name)
                file.flush()
            yield name
            return
    raise RuntimeError(f"{MOST_WORKERS} workers already use {data_dir.name}")


def work(settings: Settings, *, once: bool = False) -> int:
    """Be a worker until SIGTERM or Ctrl-C (or until nothing is due); returns the number of tasks tried."""
    with WorkerContext.opened(settings) as context, worker_name(settings.data_dir) as name:
        _ = context.app  # made before the first reaction needs it inside a transaction
        worker = Worker(context, name)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        if once:
            return worker.work_off()
        worker.run()
        return 0


def running_workers(data_dir: Path) -> int:
    """How many living workers use the data directory."""
    running = 0
    for path in data_dir.glob("worker-*.lock"):
        with path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                running += 1
    return running
