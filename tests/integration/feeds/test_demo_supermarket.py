"""The demo supermarket on loopback, and the commands a newcomer types."""

import asyncio
import json
import socket
import stat
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from core.settings import Settings
from feeds.demo_supermarket import clerk
from feeds.demo_supermarket.server import OverriddenByHand, Premises, answer_once, serve
from feeds.formats import gs1_cin, xlsx
from feeds.formats.lines import Line
from feeds.profiles import load
from feeds.queries import list_batches
from storefront.commands import demo_supermarket, environment
from storefront.commands.feeds import feeds
from storefront.reactions import WorkerContext
from tests.factories.feeds import batch, item, plain_item, profile
from tests.integration.feeds.conftest import Goods, in_house

TODAY = date(2026, 11, 22)


def _answers(*lines: Line, today: date = TODAY) -> dict[str, tuple[str, str]]:
    made = batch(*lines)
    raw = clerk.answer_batch(
        "demo-supermarket-000001.xlsx",
        xlsx.render(made, profile()),
        gs1_cin.render(made, profile()),
        today=today,
    )
    rows = [line.split(",") for line in raw.decode("utf-8-sig").splitlines()[1:]]
    return {row[1]: (row[3], row[4]) for row in rows}


def _add(line_no: int = 1, **changes: object) -> Line:
    thing = item(**changes)
    return Line(line_no, "add", thing.gtin, thing)


def test_the_clerk_accepts_what_is_in_order() -> None:
    change = Line(2, "change", plain_item().gtin, plain_item())
    gone = Line(3, "withdraw", "02000000000039", None)

    assert _answers(_add(), change, gone) == dict.fromkeys("123", ("ACCEPTED", ""))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"gtin": "02000000000016"}, "E01"),
        ({"short_name": "x" * 41}, "E03"),
        ({"price_minor": 0}, "E04"),
        ({"shelf_life_days": 30, "shelf_life_at_arrival_days": 19}, "E05"),
        ({"storage_kind": "live"}, "E06"),
        ({"allergens_state": "unknown", "contains": (), "may_contain": ()}, "E07"),
        ({"storage_kind": "frozen", "units_per_case": None}, "E08"),
    ],
)
def test_the_clerk_refuses_for_real_findings(changes: dict[str, object], code: str) -> None:
    assert _answers(_add(**changes)) == {"1": ("REJECTED", code)}


def test_fresh_fruit_need_not_keep_for_a_month() -> None:
    fresh = {"category": "Rau, củ, quả, hạt tươi", "shelf_life_days": 6}

    assert _answers(_add(**fresh, shelf_life_at_arrival_days=3)) == {"1": ("ACCEPTED", "")}
    assert _answers(_add(**fresh, shelf_life_at_arrival_days=2)) == {"1": ("REJECTED", "E05")}


def test_the_clerk_refuses_an_ended_recognition() -> None:
    assert _answers(_add(), today=date(2028, 12, 31)) == {"1": ("ACCEPTED", "")}
    assert _answers(_add(), today=date(2029, 1, 1)) == {"1": ("REJECTED", "E10")}


def test_the_clerk_refuses_a_number_given_twice() -> None:
    assert _answers(_add(1), _add(2)) == {"1": ("REJECTED", "E02"), "2": ("REJECTED", "E02")}


def test_the_clerk_compares_spreadsheet_and_message() -> None:
    sheet = xlsx.render(batch(_add(1)), profile())
    message = gs1_cin.render(batch(_add(1, recognition=None)), profile())

    raw = clerk.answer_batch("demo-supermarket-000001.xlsx", sheet, message, today=TODAY)

    assert b"REJECTED,E90" in raw


@pytest.mark.parametrize("wrong", ["sheet", "message"])
def test_a_broken_file_is_refused_as_a_whole(wrong: str) -> None:
    sheet = b"PK" if wrong == "sheet" else xlsx.render(batch(), profile())
    message = b"<x" if wrong == "message" else gs1_cin.render(batch(), profile())

    raw = clerk.answer_batch("demo-supermarket-000007.xlsx", sheet, message, today=TODAY)

    assert b"000007,0,,REJECTED,E00," in raw


def test_an_upload_under_way_is_left_alone(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "demo-supermarket-000001.xlsx.part").write_bytes(b"PK")

    assert clerk.answer_inbox(inbox, tmp_path / "outbox", today=TODAY) == []

    (inbox / "demo-supermarket-000001.xlsx").write_bytes(xlsx.render(batch(), profile()))
    outbox = tmp_path / "outbox"
    assert clerk.answer_inbox(inbox, outbox, today=TODAY, settle_seconds=60) == []
    assert len(clerk.answer_inbox(inbox, outbox, today=TODAY)) == 1
    assert clerk.answer_inbox(inbox, outbox, today=TODAY) == []


@pytest.fixture
def settings(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The commands run against the test's database and a data directory of its own."""
    url = engine.url.render_as_string(hide_password=False)
    made = Settings(data_dir=tmp_path / "data", database_url=url)
    monkeypatch.setattr(environment, "settings", lambda: made)
    return made


class Running:
    """A demo supermarket in a thread with a loop of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.port = 0
        self.said: list[str] = []
        self._up = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, args=(data_dir,))

    def _run(self, data_dir: Path) -> None:
        self._loop.run_until_complete(
            serve(data_dir, 0, say=self.said.append, ready=self._ready, stop=self._stop)
        )
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def _ready(self, port: int) -> None:
        self.port = port
        self._up.set()

    def __enter__(self) -> "Running":
        self._thread.start()
        assert self._up.wait(20)
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        assert not self._thread.is_alive()


def _run(*words: str) -> Result:
    return CliRunner().invoke(feeds, list(words), catch_exceptions=False)


def test_a_newcomer_sees_the_whole_loop(
    settings: Settings, goods: Goods, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.clock.today", lambda: TODAY)
    with Running(settings.data_dir):
        built = _run("build", "demo-supermarket", "--json")
        assert built.exit_code == 0
        assert json.loads(built.stdout)["actions"]["add"] == 2
        pushed = _run("push", "demo-supermarket")
        assert pushed.exit_code == 0, pushed.output
        assert "batch 1 is at the partner" in pushed.stdout
        answers = Premises.under(settings.data_dir).outbox
        for _ in range(100):
            if list(answers.glob("*.csv")):
                break
            threading.Event().wait(0.1)
        told = _run("acknowledge", "demo-supermarket", "--json")
        assert told.exit_code == 0
        [report] = json.loads(told.stdout)
        assert report["booked"] == {"accepted": 1, "rejected": 1}
        again = _run("resend", "demo-supermarket", "1")
        assert again.stdout.count("was there already") == 2
    status = _run("status", "demo-supermarket")
    assert status.exit_code == 0
    assert "quy cách thùng" in status.stdout
    nothing = _run("build", "demo-supermarket")
    assert "nothing to send: 1 items unchanged" in nothing.stdout


def test_the_worker_runs_the_whole_loop_by_itself(settings: Settings, goods: Goods) -> None:
    from storefront.feeds import deliver_batch, tend_feeds

    noon = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
    with WorkerContext.opened(settings) as context:
        tend_feeds(context, noon)  # without keys nothing is built
        assert _batches(context) == []
        with Running(settings.data_dir):
            tend_feeds(context, noon)
            assert _batches(context) == ["sent"]
            deliver_batch(context, [{"batch_id": 1}, {"batch_id": 99}], noon)
            answer_once(settings.data_dir)
            tend_feeds(context, noon + timedelta(hours=1))
        assert _batches(context) == ["acknowledged"]
        tend_feeds(context, noon + timedelta(hours=2))  # nobody listens: told in the log, no more


def _batches(context: WorkerContext) -> list[str]:
    with context.read() as session:
        return [row.state for row in list_batches(session, "demo-supermarket")]


def test_the_server_is_reached_from_this_machine_with_the_right_key_only(tmp_path: Path) -> None:
    with Running(tmp_path) as running:
        made = load("demo-supermarket", tmp_path / "partners")
        assert made.is_connected
        assert made.transport.port == running.port
        key = made.transport.client_key
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        listening = Path("/proc/net/tcp").read_text()
        assert f"0100007F:{running.port:04X}" in listening
        assert f"00000000:{running.port:04X}" not in listening


def test_a_second_start_keeps_the_keys(tmp_path: Path) -> None:
    with Running(tmp_path):
        key = (tmp_path / "partners" / "demo-supermarket.key").read_bytes()
    with Running(tmp_path):
        assert (tmp_path / "partners" / "demo-supermarket.key").read_bytes() == key


def test_a_taken_port_is_replaced_by_a_free_one(tmp_path: Path) -> None:
    said: list[int] = []

    async def start(port: int) -> None:
        stop = asyncio.Event()

        def ready(at: int) -> None:
            said.append(at)
            stop.set()

        await serve(tmp_path, port, say=lambda _t: None, ready=ready, stop=stop)

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        asyncio.run(start(taken.getsockname()[1]))

        assert said[0] != taken.getsockname()[1]


def test_a_profile_made_by_hand_is_left_alone(tmp_path: Path) -> None:
    premises = Premises.under(tmp_path)
    premises.partners.mkdir(parents=True)
    premises.override.write_text("[transport]\nport = 22\n")

    assert not demo_supermarket.is_wanted(Settings(data_dir=tmp_path))
    with pytest.raises(OverriddenByHand):
        asyncio.run(serve(tmp_path, 0, say=lambda _t: None))
    assert premises.override.read_text() == "[transport]\nport = 22\n"


def test_the_commands_say_what_is_wrong(settings: Settings) -> None:
    unknown = _run("build", "nobody")
    assert unknown.exit_code == 2
    assert "demo-supermarket" in unknown.stderr
    assert _run("resend", "demo-supermarket", "5").exit_code == 1
    assert _run("push", "demo-supermarket").stdout == "nothing waits to be sent\n"
    stranger = settings.data_dir.parent / "x.csv"
    stranger.write_text("batch,line,item,state,code,text\n9,1,,accepted,,\n")
    assert _run("acknowledge", str(stranger)).exit_code == 2
    assert _run("acknowledge", str(stranger), "--partner", "demo-supermarket").exit_code == 1


def test_without_a_server_the_push_says_so_and_exits_with_one(
    settings: Settings, goods: Goods
) -> None:
    _run("build", "demo-supermarket")

    pushed = _run("push", "demo-supermarket")

    assert pushed.exit_code == 1
    assert "HostKeyRefused" in pushed.stderr


def test_a_preview_builds_nothing(settings: Settings, goods: Goods) -> None:
    shown = _run("preview", "demo-supermarket")

    assert in_house(1).zfill(14) in shown.stdout
    assert "held MC-1" in shown.stderr
    assert "batch" not in _run("status", "demo-supermarket").stdout
