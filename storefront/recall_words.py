"""What to do with goods called back, by kind of danger: fixed sentences, never a machine's translation."""

from __future__ import annotations

from i18n.catalogue import lazy_gettext as later

DANGER_NAMES = {
    "allergen": later("Allergen that the label does not name"),
    "foreign_body": later("Foreign body (glass, metal, plastic…)"),
    "microbe": later("Germs, mould, toxin or spoilage"),
    "labelling": later("Wrong label (date, weight, ingredients…)"),
    "other": later("Something else"),
}
ADVICE = {
    "allergen": later(
        "It contains an allergen that the label does not name. If you are allergic, do not eat or "
        "drink it. If you have eaten it and feel unwell, call a doctor at once."
    ),
    "foreign_body": later(
        "There may be pieces in it that can injure you. Do not eat or drink it, even if you see "
        "nothing. If you have swallowed something sharp, see a doctor."
    ),
    "microbe": later(
        "It may make you ill. Do not eat, drink or taste it, even if it looks and smells good; "
        "cooking does not make it safe. See a doctor if you feel unwell after eating it."
    ),
    "labelling": later(
        "The label is wrong. Do not rely on it and do not use the goods before you have asked the "
        "seller or the producer what is right."
    ),
    "other": later("Do not use it before you have asked the seller or the producer what is wrong."),
}
RETURN = later(
    "Keep it apart from other food, with its label, and take it back to where you bought it or "
    "write to the seller; you get your money back."
)
