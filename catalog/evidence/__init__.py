"""Copies of papers: photos and PDFs that producers send for the programme office to compare."""
