"""What is said to a partner, and what is not said again."""

from feeds.rules.diff import Difference, Known, LastLine, difference
from tests.rows import each_row

OLD, NEW, GONE = "a" * 64, "b" * 64, "c" * 64
KEY = "02000000000015"


def _line(state: str, content: str = OLD, action: str = "add") -> LastLine:
    return LastLine(action, content, state)


def _diff(known: Known | None, wanted: str | None, *, full: bool = False) -> Difference:
    return difference(
        {} if wanted is None else {KEY: wanted},
        {} if known is None else {KEY: known},
        withdrawal_hashes={KEY: GONE},
        full=full,
    )


@each_row(
    ("known", "wanted", "action"),
    [
        (None, OLD, "add"),
        (Known(OLD, _line("accepted")), NEW, "change"),
        (Known(OLD, _line("accepted")), None, "withdraw"),
        (Known(None, _line("rejected")), NEW, "add"),
        (Known(OLD, _line("rejected", NEW, "change")), "d" * 64, "change"),
        (Known(None, _line("sent")), NEW, "add"),  # superseded before it was answered
        (Known(None, _line("sent")), None, "withdraw"),
        (Known(OLD, _line("sent", NEW, "change")), OLD, "change"),  # taken back while under way
        (Known(OLD, _line("sent", GONE, "withdraw")), OLD, "change"),
        (Known(None, _line("accepted", GONE, "withdraw")), OLD, "add"),
    ],
)
def test_news_are_told(known: Known | None, wanted: str | None, action: str) -> None:
    assert _diff(known, wanted).actions == {KEY: action}


@each_row(
    ("known", "wanted", "why"),
    [
        (Known(OLD, _line("accepted")), OLD, "same"),
        (Known(OLD, _line("rejected", NEW, "change")), OLD, "same"),
        (Known(None, _line("rejected")), OLD, "refused"),
        (Known(None, _line("sent")), OLD, "awaiting"),
        (Known(None, _line("received")), OLD, "awaiting"),
        (Known(OLD, _line("sent", GONE, "withdraw")), None, "awaiting"),
        (Known(OLD, _line("rejected", GONE, "withdraw")), None, "refused"),
    ],
)
def test_what_is_known_is_not_told_again(known: Known, wanted: str | None, why: str) -> None:
    found = _diff(known, wanted)

    assert found.actions == {}
    assert getattr(found, why) == (KEY,)


def test_what_was_never_accepted_is_not_withdrawn() -> None:
    assert _diff(Known(None, _line("rejected")), None) == Difference({}, (), (), ())


def test_a_held_item_is_neither_told_nor_withdrawn() -> None:
    known = {KEY: Known(OLD, _line("accepted"))}

    assert difference({}, known, held={KEY}, withdrawal_hashes={}).actions == {}


@each_row("state", ["accepted", "rejected", "sent"])
def test_a_full_batch_tells_everything_again(state: str) -> None:
    accepted = OLD if state == "accepted" else None

    found = _diff(Known(accepted, _line(state)), OLD, full=True)

    assert found.actions == {KEY: "change" if accepted else "add"}
