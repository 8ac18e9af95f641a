"""Knows how much of a search text is read, and which of its words say nothing of the goods."""

import re
from collections.abc import Iterable

from catalog.search.analysis import ideographs
from catalog.search.naming import heard_terms, is_name
from catalog.search.scripts import Run, fold, prepare, runs

MAX_CHARACTERS = 200
MAX_UNITS = 12
STOP_WORDS = {
    "en": "a an and the of for in from with to by on or",
    "fr": "de du des la le les et a au aux en un une pour avec dans",
    "de": "der die das den dem des und aus von mit fur im in ein eine zu zum",
}
_FILLERS = """
    mua bán ở đâu ngon giá rẻ tốt nhất loại của với những các làm chỗ shop online sản phẩm hàng đặc sản
    tôi muốn tìm cần có không nào gì bạn ơi xin giúp món đồ thứ bố mẹ ba má ông bà vợ chồng sếp dành cho
    best buy price cheap good shop online product products quality vietnamese vietnam viet nam something
    i want need looking look find where can get do you have is are there any some me my please recommend
    recommended it that made authentic real great nice buying order delivery used someone
    acheter prix meilleur meilleure produit produits vietnamien vietnamienne specialite quelque chose ou
    je cherche veux voudrais trouver est il ce que qui avez vous y mon ma mes peut on faire
    kaufen etwas preis gut guten beste bester produkt produkte vietnamesisch vietnamesische
    vietnamesischer ich suche mochte brauche wo gibt es kann man bekomme bekommen finde haben sie was
    mein meine meinen bestellen gute guter gunstig zum
    কিনতে চাই কোথায় পাব পাওয়া যায় খুঁজছি ভালো সেরা দাম দরকার আছে কি জন্য আমার একটি কিছু অনলাইন ভিয়েতনামের ভিয়েতনামি
"""
FILLERS = frozenset(prepare(_FILLERS).split())
"""Words that say nothing of the goods; one counts where nothing else was typed."""
_REQUESTS = """
    を探しています を探してます を探している 探しています 探してる を買いたい 買いたい が欲しい が欲しいです ほしい 欲しい
    をください ください はありますか ありますか 教えて おすすめ オススメ お勧め 人気の 人気 美味しい おいしい どこで買える
    通販 購入 値段 ランキング できるもの したい 用の に使う に合う のための にいい に良い
    사고싶어요 사고 싶어요 싶어요 사고 주세요 추천해주세요 추천 해주세요 찾아요 찾습니다 찾고 있어요 있나요 있어요 구매 구입 파는 곳
    어디서 가격 맛있는 좋은 인기 베스트 먹기 만드는 위한 용으로
    我想买 想买 想要 我要 我要买 哪里买 哪里有 在哪里买 有没有 推荐 请问 求购 购买 便宜的 便宜 好吃的 好吃 最好的 最好 多少钱
    价格 哪家好 适合 用来 可以 我想買 想買 我要買 哪裡買 哪裡有 在哪裡買 有沒有 推薦 請問 購買 便宜 多少錢 價格 適合 用來
"""
_REQUEST = re.compile(
    "|".join(sorted(map(re.escape, set(_REQUESTS.split())), key=len, reverse=True))
)


def read_query(text: str, locale: str) -> list[Run]:
    """Return the words and rows of signs of a search text, no more than a search takes."""
    query = _merged(_without_requests(runs(text[:MAX_CHARACTERS])[: 2 * MAX_UNITS]))
    stop = STOP_WORDS.get(locale, "").split()
    kept = [r for r in query if r.script != "word" or fold(r.text) not in stop]
    return (kept or query)[:MAX_UNITS]


def _without_requests(query: list[Run]) -> list[Run]:
    """Return rows of signs without "I look for" and the like, unless nothing else was typed."""
    kept: list[Run] = []
    for run in query:
        if run.script not in ("cjk", "ko") or is_name(run):
            kept.append(run)
        else:
            kept += [Run(run.script, own) for own in _REQUEST.split(run.text) if own]
    return kept or query


def _merged(query: Iterable[Run]) -> list[Run]:
    """Return the runs with rows of signs put together that a space only parts."""
    merged: list[Run] = []
    for run in query:
        before = merged[-1] if merged else None
        if before is not None and before.script == run.script and _belongs(before, run):
            merged[-1] = Run(run.script, before.text + run.text)
        else:
            merged.append(run)
    return _heard_together(merged)


def _heard_together(query: list[Run]) -> list[Run]:
    """Return the runs with those put together that only together sound like a Vietnamese name."""
    found: list[Run] = []
    at = 0
    while at < len(query):
        run, stop = query[at], at + 1
        if run.script in ("cjk", "ko") and not is_name(run):
            for end in range(min(len(query), at + 4), at + 1, -1):
                parts = query[at:end]
                row = "".join(part.text for part in parts)
                if all(part.script == run.script for part in parts) and heard_terms(
                    run.script, ideographs(row) if run.script == "cjk" else row
                ):
                    run, stop = Run(run.script, row), end
                    break
        found.append(run)
        at = stop
    return found


def _belongs(before: Run, run: Run) -> bool:
    if run.script not in ("cjk", "ko"):
        return False
    return len(run.text) == 1 or is_name(Run(run.script, before.text + run.text))
