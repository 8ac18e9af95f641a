"""Livestream sessions: planning, checking the papers, selling by the clock, and what is kept afterwards."""
