"""The ground floor: database, settings, money, clock, errors, facts, audit and people."""
