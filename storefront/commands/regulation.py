"""Commands for the dated rules: check them, show what speaks on a day, show what another day changes."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any

import click

from catalog.regulation.files import UnreadableRules, rules_of_files
from catalog.regulation.loading import load_rules, lost_suspensions
from catalog.rules.regulation import KINDS, Rule, RuleSet, changes_between, rule_mistakes
from catalog.rules.vat import untaxed_gaps
from core import clock
from i18n.catalogue import speaking
from storefront.commands import environment
from storefront.commands.environment import say, show_json

SOON = timedelta(days=60)
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def regulation() -> None:
    """Check and show the dated rules: laws, tax, markets, labels, allergens."""


@regulation.command()
@click.option("--on", "asked", type=_DAY, help="The day to check for (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program.")
def check(asked: datetime | None, as_json: bool) -> None:
    """Find contradictions, gaps in the tax table and rules that end soon; exit code 1 for mistakes."""
    on = _day(asked)
    try:
        rules_of_files()
    except UnreadableRules as refusal:
        say(f"{refusal.facts['file']}, line {refusal.facts['line']}: {refusal.facts['why']}")
        sys.exit(1)
    with environment.reading() as session:
        rules = load_rules(session)
        lost = lost_suspensions(session)
    mistakes = [f"{m.code}: {m.rule} {m.detail}".strip() for m in rule_mistakes(rules.rules)]
    mistakes += [f"suspends an unknown version: {version}" for version in lost]
    days = sorted({on, *(day for rule in rules.rules for day in rule.boundaries() if day > on)})
    mistakes += [
        f"no tax rate from {day}: {gap}" for day in days for gap in untaxed_gaps(rules, day)
    ]
    speaking_now = rules.in_force(on)
    unconfirmed = [rule.version for rule in speaking_now if not rule.is_confirmed(on)]
    ending = [
        {"version": rule.version, "last_day": rule.effective_to.isoformat()}
        for rule in speaking_now
        if rule.effective_to is not None and rule.effective_to <= on + SOON
    ]
    if as_json:
        show_json(
            {
                "on": on.isoformat(),
                "digest": rules.digest,
                "rules": len(rules.codes),
                "versions": len(rules.rules),
                "mistakes": mistakes,
                "to_be_confirmed": unconfirmed,
                "ending_soon": ending,
            }
        )
    else:
        for line in mistakes:
            click.echo(f"mistake\t{line}")
        for one in ending:
            click.echo(f"ends\t{one['last_day']}\t{one['version']}")
    say(
        f"{len(rules.codes)} rules in {len(rules.rules)} versions (set {rules.digest}): "
        f"{len(mistakes)} mistakes, {len(unconfirmed)} to be confirmed, {len(ending)} end soon"
    )
    if mistakes:
        sys.exit(1)


@regulation.command()
@click.argument("prefix", default="")
@click.option("--on", "asked", type=_DAY, help="The day (default: today).")
@click.option("--kind", type=click.Choice(KINDS), help="Only rules of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print the rules for a program.")
def show(prefix: str, asked: datetime | None, kind: str | None, as_json: bool) -> None:
    """Show the rules that speak on a day; PREFIX is the beginning of their codes (market.JP)."""
    on = _day(asked)
    with environment.reading() as session:
        rules = load_rules(session)
    found = [rule for rule in rules.in_force(on, kind) if rule.code.startswith(prefix)]
    if as_json:
        listed = [_as_dict(rules, rule, on) for rule in found]
        show_json({"on": on.isoformat(), "digest": rules.digest, "rules": listed})
    else:
        with speaking("en"):
            for rule in found:
                click.echo(f"{rule.version}\t{_said(rule)}\t{rule.legal_basis}")
    say(f"{len(found)} rules speak on {on} (set {rules.digest})")


@regulation.command()
@click.option("--on", "asked", type=_DAY, required=True, help="The day to compare with.")
@click.option("--from", "since", type=_DAY, help="The day to compare from (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print the changes for a program.")
def diff(asked: datetime, since: datetime | None, as_json: bool) -> None:
    """Show which rules say something else on another day."""
    one, other = _day(since), asked.date()
    with environment.reading() as session:
        rules = load_rules(session)
    changed = changes_between(rules, one, other)
    if as_json:
        listed = [
            {
                "code": change.code,
                "before": change.before and _as_dict(rules, change.before, one),
                "after": change.after and _as_dict(rules, change.after, other),
            }
            for change in changed
        ]
        show_json({"from": one.isoformat(), "on": other.isoformat(), "changes": listed})
    else:
        with speaking("en"):
            for change in changed:
                before, after = _said(change.before), _said(change.after)
                click.echo(f"{change.code}\t{before}\t→\t{after}")
    say(f"{len(changed)} rules say something else on {other} than on {one}")


def _day(asked: datetime | None) -> date:
    return asked.date() if asked is not None else clock.today()


def _said(rule: Rule | None) -> str:
    from storefront.rule_words import rule_says

    return "–" if rule is None else rule_says(rule)


def _as_dict(rules: RuleSet, rule: Rule, on: date) -> dict[str, Any]:
    return {
        "code": rule.code,
        "version": rule.version,
        "kind": rule.kind,
        "value": dict(rule.value),
        "legal_basis": rule.legal_basis,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "suspended": [
            {"first": pause.first, "last": pause.last, "legal_basis": pause.legal_basis}
            for pause in rule.suspensions
        ],
        "state": rules.state(rule, on),
        "source": rule.source,
        "checked_on": rule.checked_on,
        "certainty": rule.certainty,
        "confirmed": rule.is_confirmed(on),
        "note": rule.note,
        "entered_by_the_office": bool(rule.entered),
    }
