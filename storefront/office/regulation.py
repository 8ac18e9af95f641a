"""The office's look at the law: what speaks on a day, what is coming, and entering what is new."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.regulation.entering import Backing, RuleNotFound, add_version, suspend
from catalog.regulation.loading import load_rules
from catalog.rules.eligibility import HOME, MARKETS
from catalog.rules.regulation import KINDS, Rule, RuleSet, changes_between
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront import rule_words
from storefront.access import requires
from storefront.extensions import db
from storefront.market_messages import MARKET_NAMES
from storefront.office.rule_forms import (
    VALUE_FIELDS,
    VERSION_FORMS,
    SuspensionForm,
    VersionForm,
)
from storefront.reading import read_day
from storefront.rendering import render_page

_COMING = 4
_BY_MARKET = frozenset({"market", "label", "allergens"})


@requires(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """The rules that speak on a day, of one kind and market, and the next days on which some change."""
    rules = load_rules(db.session())
    asked = request.args.get("on", "")
    on = read_day(asked) or g.today
    kind = request.args.get("kind", KINDS[0])
    kind = kind if kind in KINDS else KINDS[0]
    market = request.args.get("market", MARKETS[0])
    market = market if market in (HOME, *MARKETS) else MARKETS[0]
    begins = f"{kind}.{market}." if kind in _BY_MARKET else f"{kind}."
    codes = [code for code in rules.codes if code.startswith(begins)]
    return render_page(
        "office/regulation.html",
        lines=[(code, rules.find(code, on)) for code in codes],
        words=rule_words,
        on=on,
        kind=kind,
        market=market if kind in _BY_MARKET else "",
        markets={code: MARKET_NAMES[code] for code in (*MARKETS, HOME)},
        kinds=KINDS,
        coming=_coming(rules, g.today),
        unconfirmed=sum(not rule.is_confirmed(on) for rule in rules.in_force(on)),
        count=len(rules.codes),
    )


def _coming(rules: RuleSet, on: date) -> list[tuple[date, list[tuple[str, str, str]]]]:
    """The next days on which a rule says something else: title, before, after."""
    found: list[tuple[date, list[tuple[str, str, str]]]] = []
    day = on
    while len(found) < _COMING:
        before, coming = day, rules.next_change(day)
        if coming is None:
            break
        day = coming
        changes = changes_between(rules, before, day)
        if changes:
            said = [
                (rule_words.rule_title(c.code), _said(c.before), _said(c.after)) for c in changes
            ]
            found.append((day, said))
    return found


def _said(rule: Rule | None) -> str:
    return "–" if rule is None else rule_words.rule_says(rule)


@requires(Role.OFFICE)
def one_rule(code: str) -> ResponseReturnValue:
    """Every version of a rule with its source, and the form for a new one."""
    require(g.actor, "regulation.edit")
    session = db.session()
    versions = _versions(load_rules(session), code)
    form = _version_form(versions[0].kind, request.form if request.method == "POST" else None)
    speaking = load_rules(session).find(code, g.today) or versions[0]
    form.kept = dict(speaking.value)
    if request.method == "GET":
        form.fill(speaking)
        return _rule_page(code, form)
    if not form.validate():
        return _rule_page(code, form, status=422)
    try:
        add_version(session, code, form.value(), **_entered(form))
    except InvalidFields as refusal:
        session.rollback()
        form.mark({_FIELD.get(name, name): why for name, why in refusal.mistakes.items()})
        return _rule_page(code, form, status=422)
    session.commit()
    flash(_("Entered. From that day on everything is judged by it."), "good")
    return redirect(url_for("office.rule", code=code), 303)


_FIELD = {"rate_bp": "rate"}


@requires(Role.OFFICE)
def suspend_rule(code: str) -> ResponseReturnValue:
    """Let one version rest for a time."""
    require(g.actor, "regulation.edit")
    session = db.session()
    version = request.values.get("version", "")[:120]
    found = [rule for rule in _versions(load_rules(session), code) if rule.version == version]
    if not found:
        raise RuleNotFound(code=version)
    form = SuspensionForm(request.form if request.method == "POST" else None)
    form.offer()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                suspend(session, version, **_entered(form))
            except InvalidFields as refusal:
                session.rollback()
                form.mark(refusal.mistakes)
            else:
                session.commit()
                flash(_("Entered. In that time the version before it speaks."), "good")
                return redirect(url_for("office.rule", code=code), 303)
    return render_page(
        "office/rule_suspend.html", status, rule=found[0], words=rule_words, form=form, code=code
    )


def _versions(rules: RuleSet, code: str) -> tuple[Rule, ...]:
    versions = rules.versions(code)
    if not versions:
        raise RuleNotFound(code=code)
    return versions


def _version_form(kind: str, sent: Any) -> VersionForm:
    form = VERSION_FORMS[kind](sent)
    form.offer()
    return form


def _entered(form: Any) -> dict[str, Any]:
    return {
        "first": form.first.data,
        "last": form.last.data,
        "backing": Backing(
            form.legal_basis.data, form.source.data, form.certainty.data, form.note.data or ""
        ),
        "actor": g.actor,
        "on": g.today,
        "now": g.now,
    }


def _rule_page(code: str, form: VersionForm, *, status: int = 200) -> ResponseReturnValue:
    rules = load_rules(db.session())
    versions = _versions(rules, code)
    kind = versions[0].kind
    return render_page(
        "office/rule.html",
        status,
        code=code,
        versions=[(rule, rules.state(rule, g.today)) for rule in versions],
        words=rule_words,
        form=form,
        value_fields=[form[name] for name in VALUE_FIELDS[kind]],
        today=g.today,
    )
