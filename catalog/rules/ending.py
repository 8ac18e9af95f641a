"""When somebody is told that a certificate, paper or licence ends: six times, each once."""

from __future__ import annotations

from datetime import date

THRESHOLDS = (180, 120, 90, 60, 30, 7)
"""Days before the last day. A renewal of OCOP stars is an evaluation anew and takes months."""


def days_left(last: date, on: date) -> int:
    """Days after `on` on which it still holds: 0 on the last day, below zero afterwards."""
    return (last - on).days


def due_threshold(last: date, on: date) -> int | None:
    """The warning that is due on that day, the nearest to the end that has been reached.

    None while more than 180 days are left, or after the end. A worker that slept through several
    gives only this one: the earlier ones would say less, and later.
    """
    left = days_left(last, on)
    if left < 0:
        return None
    return min((days for days in THRESHOLDS if left <= days), default=None)
