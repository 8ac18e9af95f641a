"""The text inside a VietQR code: account, amount and memo of a bank transfer (NAPAS, EMVCo format).

The payload is a chain of fields "two digits name, two digits length, value"; the last is a checksum over
everything before it. Source: NAPAS specification 1.5.2, checked against its samples 6.1.2 to 6.1.4.
"""

from __future__ import annotations

import binascii

_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_TO_CARD = "QRIBFTTC"
_VND_NUMERIC = "704"
_CRC_FIELD = "6304"


def payload(
    bank_bin: str,
    account: str,
    *,
    amount: int | None = None,
    memo: str = "",
    bill: str = "",
    to_card: bool = False,
) -> str:
    """The text of the QR code: a transfer to an account (or card), with amount in dong and memo if given."""
    receiver = _field("00", bank_bin) + _field("01", account)
    service = _TO_CARD if to_card else _TO_ACCOUNT
    merchant = _field("00", _NAPAS) + _field("01", receiver) + _field("02", service)
    about = (_field("01", bill) if bill else "") + (_field("08", memo) if memo else "")
    body = (
        _field("00", "01")
        + _field("01", "11" if amount is None else "12")
        + _field("38", merchant)
        + _field("53", _VND_NUMERIC)
        + (_field("54", str(amount)) if amount is not None else "")
        + _field("58", "VN")
        + (_field("62", about) if about else "")
        + _CRC_FIELD
    )
    return f"{body}{checksum(body)}"


def checksum(body: str) -> str:
    """CRC-16/CCITT-FALSE over everything up to and including "6304", as four capital hex digits."""
    return f"{binascii.crc_hqx(body.encode('ascii'), 0xFFFF):04X}"


def fields(text: str) -> dict[str, str]:
    """The fields of a payload or of one nested value; raises ValueError when lengths do not fit."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        name, length = text[at : at + 2], text[at + 2 : at + 4]
        value = text[at + 4 : at + 4 + int(length)] if length.isdigit() else ""
        if len(length) != 2 or not name.isdigit() or len(value) != int(length) or name in found:
            raise ValueError(f"not a chain of fields at {at}")
        found[name] = value
        at += 4 + len(value)
    return found


def is_sound(text: str) -> bool:
    """Whether a payload has a right checksum and every field, also the nested ones, fits its length."""
    if text[-8:-4] != _CRC_FIELD or checksum(text[:-4]) != text[-4:]:
        return False
    try:
        outer = fields(text)
        fields(fields(outer.get("38", ""))["01"])
        fields(outer.get("62", ""))
    except (KeyError, ValueError):
        return False
    return True


def _field(name: str, value: str) -> str:
    size = len(value.encode("ascii"))
    if not 1 <= size <= 99:
        raise ValueError(f"field {name} holds 1 to 99 characters, not {size}")
    return f"{name}{size:02d}{value}"
