"""Finding out in which letters a text file is written: UTF-8, UTF-16, Windows-1258, TCVN3, VNI, VISCII."""

from __future__ import annotations

from catalog.importing.legacy import READINGS, find_reading, mend, plausibility
from catalog.importing.report import UnusableFile
from i18n.text import nfc

_CP1258_MARKS = "\u0300\u0301\u0303\u0309\u0323"


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its letters; raises UnusableFile("encoding").

    Bytes that are no Unicode are read in every way Vietnam has used, and the reading whose words are most
    Vietnamese wins, if it is one at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16"), "utf-16"
    if data[:200].count(0) * 4 > len(data[:200]):
        order = "utf-16-le" if data[1:200:2].count(0) > data[0:200:2].count(0) else "utf-16-be"
        return _strict(data, order), order
    try:
        text = nfc(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _old(data)
    if "\x00" in text[:2000] and text[:2000].count("\x00") > 20:
        raise UnusableFile("encoding")
    reading = find_reading([text])
    return (_by_line(text, reading), f"utf-8 ({reading})") if reading else (text, "utf-8")


def _by_line(text: str, reading: str) -> str:
    return "\n".join(mend(line, reading) for line in text.split("\n"))


def _old(data: bytes) -> tuple[str, str]:
    best, name, found = 0.0, "", ""
    for label, text in _readings(data):
        score = plausibility(text)
        if score > best:
            best, name, found = score, label, text
    allowed = "\t\r\n"
    if best < 0.5 or any(ord(c) < 32 and c not in allowed for c in found[:20_000]):
        return _guessed(data)
    return nfc(found), name


def _readings(data: bytes) -> list[tuple[str, str]]:
    plain = data.decode("latin-1")
    readings: list[tuple[str, str]] = []
    try:
        text = data.decode("cp1258")
        marks = sum(text.count(mark) for mark in _CP1258_MARKS)
        if marks * 100 >= len(text):
            readings.append(("cp1258", nfc(text)))
    except UnicodeDecodeError:
        pass
    readings += [(name, READINGS[name](plain)) for name in ("tcvn3", "vni", "viscii")]
    return readings


def _guessed(data: bytes) -> tuple[str, str]:
    """What a detector takes it for: a foreign shop's Windows-1252, GB18030 or Shift JIS."""
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:200_000], threshold=0.15).best()
    if guess is None or guess.encoding in {"utf_7", "big5hkscs", "cp037"}:
        raise UnusableFile("encoding")
    try:
        text = data.decode(guess.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnusableFile("encoding") from error
    shown = text[:20_000]
    odd = sum(not (c.isprintable() or c in "\t\r\n") for c in shown)
    if odd or plausibility(shown) < -1:
        raise UnusableFile("encoding")
    return nfc(text), guess.encoding


def _strict(data: bytes, encoding: str) -> str:
    try:
        return nfc(data.decode(encoding)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnusableFile("encoding") from error
