"""Reading answers and booking them to the right line or to none."""

from hypothesis import given
from hypothesis import strategies as st

from feeds.rules.answers import Answer, SentLine, judge, read_answers
from tests.rows import each_row

HEAD = "batch,line,item,state,code,text\n"
KEY = "02000000000015"


def _answer(**changes: object) -> Answer:
    values = {"row": 2, "batch": 7, "line": 1, "item": KEY, "state": "accepted"}
    return Answer(**{**values, "code": "", "text": "", **changes})  # type: ignore[arg-type]


def _lines(state: str = "sent") -> dict[int, dict[int, SentLine]]:
    return {
        7: {
            n: SentLine(70 + n, 7, n, KEY if n == 1 else f"0200000000{n:04d}", state)
            for n in (1, 2)
        }
    }


def test_a_spreadsheets_csv_is_read_as_well_as_a_plain_one() -> None:
    plain = f"{HEAD}000007,1,{KEY},REJECTED,E05,Hạn ngắn\n".encode()
    from_excel = plain.decode().replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig")

    for raw in (plain, from_excel):
        [answer] = read_answers(raw).answers
        assert (answer.batch, answer.line, answer.item) == (7, 1, KEY)
        assert (answer.state, answer.code, answer.text) == ("rejected", "E05", "Hạn ngắn")


@each_row(
    ("raw", "code"),
    [
        (b"\xff\xfe", "not_utf8"),
        (b"", "columns_missing"),
        (b"a,b\n1,2\n", "columns_missing"),
        (f"{HEAD}x,1,,accepted,,\n".encode(), "batch_not_a_number"),
        (f"{HEAD}0,1,,accepted,,\n".encode(), "batch_not_a_number"),
        (f"{HEAD}7,one,,accepted,,\n".encode(), "line_not_a_number"),
        (f"{HEAD}7,1,,maybe,,\n".encode(), "state_unknown"),
        (f"{HEAD}٧,1,,accepted,,\n".encode(), "batch_not_a_number"),
        (b"x" * 8_000_001, "too_large"),
    ],
)
def test_what_cannot_be_read_is_reported(raw: bytes, code: str) -> None:
    read = read_answers(raw)

    assert read.answers == ()
    assert [m.code for m in read.mistakes] == [code]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    read_answers(raw)
    read_answers(HEAD.encode() + raw)


def test_a_bad_row_does_not_stop_the_others() -> None:
    read = read_answers(f"{HEAD}7,1,,maybe,,\n7,2,,accepted,,\n".encode())

    assert [a.line for a in read.answers] == [2]
    assert [m.row for m in read.mistakes] == [2]


def test_an_answer_is_booked_to_the_line_it_names() -> None:
    verdict = judge([_answer()], _lines(), frozenset({7}))

    assert [(b.line_id, b.state) for b in verdict.bookings] == [(71, "accepted")]
    assert verdict.reported == ()


def test_line_zero_speaks_of_the_whole_batch() -> None:
    verdict = judge([_answer(line=0, item="", state="received")], _lines(), frozenset({7}))

    assert [(b.line_id, b.state) for b in verdict.bookings] == [(71, "received"), (72, "received")]


@each_row(
    ("changes", "sent", "code"),
    [
        ({"batch": 8}, {7}, "unknown_batch"),
        ({}, set(), "batch_not_sent"),
        ({"line": 9}, {7}, "unknown_line"),
        ({"line": 2}, {7}, "other_item"),
    ],
)
def test_an_answer_that_fits_no_line_is_never_booked_to_another(
    changes: dict[str, object], sent: set[int], code: str
) -> None:
    verdict = judge([_answer(**changes)], _lines(), frozenset(sent))

    assert verdict.bookings == ()
    assert [m.code for m in verdict.reported] == [code]


@each_row(("told", "code"), [("rejected", "repeated"), ("accepted", "contradiction")])
def test_a_final_answer_stands(told: str, code: str) -> None:
    verdict = judge([_answer(state=told)], _lines("rejected"), frozenset({7}))

    assert verdict.bookings == ()
    assert [m.code for m in verdict.reported] == [code]


def test_a_contradiction_within_one_file_keeps_the_first_answer() -> None:
    both = [_answer(), _answer(row=3, state="rejected")]

    verdict = judge(both, _lines(), frozenset({7}))

    assert [b.state for b in verdict.bookings] == ["accepted"]
    assert [(m.row, m.code) for m in verdict.reported] == [(3, "contradiction")]


def test_a_late_item_number_of_thirteen_digits_is_the_same_item() -> None:
    verdict = judge([_answer(item=KEY[1:])], _lines(), frozenset({7}))

    assert len(verdict.bookings) == 1
