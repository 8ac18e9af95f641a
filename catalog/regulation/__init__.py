"""The law as dated data: versioned files, over them what the office entered, together one rule set."""
