"""Judges queries by rules over attributes of products, and derives misspelt ones by rule.

``python -m tests.search_eval.judging`` writes the ``.jsonl`` files that `ocop search evaluate`
reads, from the ``.txt`` files that people write. Nobody judges by what search finds.
"""

import json
import random
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Line = dict[str, Any]

_TELEX_MARKS = {"\u0302": {"a": "aa", "e": "ee", "o": "oo"}, "\u0306": {"a": "aw"}}
_TELEX_HORN = {"o": "ow", "u": "uw"}
_TELEX_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_VNI_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_HALF = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンーッャュョ",
        "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝｰｯｬｭｮ",
        strict=True,
    )
)


def read(path: Path) -> list[Line]:
    """Return the rows of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def split_of(query: str) -> str:
    """Put half of the queries aside; which half does not depend on anybody's wish."""
    return "held-out" if zlib.crc32(query.encode()) % 2 else "dev"


def written(path: Path, prefix: str, products: Sequence[Line]) -> list[Line]:
    """Return the judged queries of a file of rules; each must have something to find."""
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if x and x[0] != "#"]
    found = []
    for number, line in enumerate(lines, start=1):
        lang, tag, query, rules = (part.strip() for part in line.split("|"))
        judged = grades(rules, products)
        if not judged:
            raise ValueError(f"nothing to find: {line}")
        found.append(
            {
                "qid": f"{prefix}{number:03}",
                "lang": lang,
                "tag": tag,
                "query": query,
                "rules": rules,
                "judgments": judged,
                "split": split_of(query),
            }
        )
    return found


def grades(rules: str, products: Iterable[Line]) -> dict[str, int]:
    """Return the best grade of every product that a rule fits."""
    parsed = [(rule.rpartition("=")[0].split("&"), int(rule[-1])) for rule in rules.split()]
    found = {}
    for product in products:
        grade = max((g for tests, g in parsed if all(_fits(t, product) for t in tests)), default=0)
        if grade:
            found[product["id"]] = grade
    return found


def _fits(test: str, product: Mapping[str, Any]) -> bool:
    if test.startswith("!"):
        return not _fits(test[1:], product)
    kind, _, value = test.partition(":")
    if kind == "n":
        phrase = rf"(?<!\w){re.escape(value.replace('_', ' '))}(?!\w)"
        return bool(re.search(phrase, unicodedata.normalize("NFC", product["name"]["vi"]).lower()))
    if kind == "p":
        own = (product.get("province", ""), product.get("former_province", ""))
        return value.replace("_", " ") in {p.lower().replace("_", " ") for p in own}
    if kind == "a":
        return value in product.get("attrs", ())
    if kind == "s":
        return int(value) == product.get("stars")
    return bool(value == product.get({"t": "type", "c": "category", "g": "group"}[kind]))


def register_product(row: Mapping[str, Any]) -> Line:
    """Return a row of the register in the form of an evaluation file; what is empty is left out."""
    product = {
        "id": row["id"],
        "group": row["group_guess"],
        "province": row["province_2025"],
        "former_province": row["former_province"],
        "stars": row["stars"],
        "name": {"vi": row["product_name_vi"]},
        "description": {},
    }
    return {key: value for key, value in product.items() if value not in ("", None)}


# ---- slips made by rule -------------------------------------------------------------------------
def derived(queries: Sequence[Line]) -> list[Line]:
    """Return misspelt forms of judged queries: one or two kinds for each, always the same ones."""
    found = []
    for query in queries:
        dice = random.Random(zlib.crc32(query["query"].encode()))  # noqa: S311 # no secret
        kinds = _slips(query["lang"], query["query"], dice)
        for kind, text in dice.sample(sorted(kinds.items()), min(2, len(kinds))):
            found.append(
                {
                    **query,
                    "qid": f"{query['qid']}-{kind}",
                    "tag": kind,
                    "query": text,
                    "split": split_of(text),
                }
            )
    return found


def _slips(lang: str, text: str, dice: random.Random) -> dict[str, str]:
    slips: dict[str, str] = {}
    if lang == "vi" and _is_marked(text):
        slips = {"toneless": _toneless(text), "telex": _telex(text), "vni": _vni(text)}
    if lang in ("vi", "en", "fr", "de"):
        slips |= {
            "swapped": _in_a_word(text, dice, lambda w, i: w[:i] + w[i + 1] + w[i] + w[i + 2 :]),
            "dropped": _in_a_word(text, dice, lambda w, i: w[:i] + w[i + 1 :]),
            "doubled": _in_a_word(text, dice, lambda w, i: w[:i] + w[i] + w[i:]),
            "decomposed": unicodedata.normalize("NFD", text.upper()),
        }
    if lang in ("fr", "de") and _is_marked(text):
        slips["toneless"] = _toneless(text)
    if lang == "ja":
        slips["half"] = "".join(_HALF.get(c, c) for c in text)
        slips["hiragana"] = "".join(chr(ord(c) - 96) if "ァ" <= c <= "ヶ" else c for c in text)
    if lang in ("zhs", "zht"):
        import opencc

        slips["converted"] = opencc.OpenCC("s2t" if lang == "zhs" else "t2s").convert(text)
    if lang in ("ja", "ko", "zhs", "zht"):
        slips["spaceless"] = text.replace(" ", "")
    if lang in ("ko", "bn"):
        slips["decomposed"] = unicodedata.normalize("NFD", text)
    return {kind: slip for kind, slip in slips.items() if slip != text}


def _is_marked(text: str) -> bool:
    return _toneless(text) != text


def _toneless(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("ß", "ss")


def _in_a_word(text: str, dice: random.Random, change: Any) -> str:
    """Change the longest word somewhere behind its first letter; short words stay as they are."""
    words = unicodedata.normalize("NFC", text).split()
    at = max(range(len(words)), key=lambda i: (len(words[i]), -i))
    if len(words[at]) < 5:
        return text
    words[at] = change(words[at], dice.randrange(1, len(words[at]) - 2))
    return " ".join(words)


def _telex(text: str) -> str:
    return " ".join(_typed(word, _TELEX_TONES, telex=True) for word in text.lower().split())


def _vni(text: str) -> str:
    return " ".join(_typed(word, _VNI_TONES, telex=False) for word in text.lower().split())


def _typed(word: str, tones: Mapping[str, str], *, telex: bool) -> str:
    """Return the keys of an input method that was switched off, tone at the end of the word."""
    out: list[str] = []
    tone = ""
    for sign in unicodedata.normalize("NFD", word.replace("đ", "dd" if telex else "d9")):
        if sign in tones:
            tone = tones[sign]
        elif sign == "\u031b":
            out[-1] = _TELEX_HORN[out[-1]] if telex else out[-1] + "7"
        elif sign in _TELEX_MARKS:
            number = "6" if sign == "\u0302" else "8"
            out[-1] = _TELEX_MARKS[sign][out[-1]] if telex else out[-1] + number
        else:
            out.append(sign)
    return "".join(out) + tone


def write(path: Path, rows: Iterable[Line]) -> None:
    """Write rows as JSON lines."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def files() -> dict[str, list[Line]]:
    """Return the content of every file that is made from rules."""
    products = read(HERE / "products.jsonl")
    register = read(HERE / "register.jsonl")
    own = written(HERE / "own_catalogue.txt", "W", products)
    rows = written(HERE / "own_register.txt", "R", register)
    return {
        "own_catalogue.jsonl": own,
        "own_hard.jsonl": written(HERE / "own_hard.txt", "H", products),
        "own_asked.jsonl": written(HERE / "own_asked.txt", "A", products),
        "own_strangers.jsonl": written(HERE / "own_strangers.txt", "S", products),
        "own_strangers2.jsonl": written(HERE / "own_strangers2.txt", "U", products),
        "own_strangers_register.jsonl": written(HERE / "own_strangers_register.txt", "T", register),
        "own_register.jsonl": rows,
        "derived_catalogue.jsonl": derived([*read(HERE / "queries.jsonl"), *own]),
        "derived_register.jsonl": derived(rows),
    }


if __name__ == "__main__":
    for name, rows in files().items():
        write(HERE / name, rows)
