"""Two illustrative sessions of the demonstration: one that comes tomorrow evening, one that is over."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Producer, Product
from core.actor import Actor
from core.clock import VIETNAM
from orders.live import checking, planning
from orders.live.desks import list_choices
from orders.live.planning import CouponPlan, ItemPlan, Plan
from orders.models import LiveSession

_DAY = timedelta(days=1)
_EVENING = time(20, 0)
_HOUR = timedelta(hours=1)
MOST_GOODS = 4
PIECES = 3
_TITLES = {
    "vi": ("Cùng nếm đặc sản nhà làm", "Người làm ra kể chuyện món ăn và trả lời câu hỏi của bạn."),
    "en": (
        "Taste what we make at home",
        "The makers tell how it is made and answer your questions.",
    ),
    "ja": ("つくり手と味わう地元の味", "つくり手が製法を語り、ご質問にお答えします。"),
    "ko": ("만든 사람과 맛보는 고향의 맛", "만든 사람이 제조 이야기를 들려주고 질문에 답합니다."),
    "zh-hans": ("和制作者一起品尝家乡味", "制作者讲述制作过程，回答您的问题。"),
    "zh-hant": ("和製作者一起品嚐家鄉味", "製作者講述製作過程，回答您的問題。"),
    "fr": (
        "Goûtons ce qui se fait à la maison",
        "Les producteurs racontent la fabrication et répondent à vos questions.",
    ),
    "de": (
        "Wir probieren, was zu Hause entsteht",
        "Die Hersteller erzählen von ihrer Arbeit und beantworten Ihre Fragen.",
    ),
    "bn": (
        "ঘরে তৈরি স্বাদ চেখে দেখি",
        "উৎপাদকেরা তৈরির গল্প বলবেন ও আপনার প্রশ্নের উত্তর দেবেন।",
    ),
}
_PAST_TITLES = {
    "vi": ("Một buổi tối ở xưởng", "Xem từng công đoạn, từ nguyên liệu đến đóng gói."),
    "en": ("An evening in the workshop", "Every step, from the raw goods to the package."),
    "ja": ("工房の夜", "原料から包装まで、すべての工程をご覧いただけます。"),
    "ko": ("공방의 저녁", "원료부터 포장까지 모든 과정을 보여 드립니다."),
    "zh-hans": ("作坊的夜晚", "从原料到包装，每一道工序都看得到。"),
    "zh-hant": ("工坊的夜晚", "從原料到包裝，每一道工序都看得到。"),
    "fr": ("Une soirée à l’atelier", "Chaque étape, de la matière première à l’emballage."),
    "de": ("Ein Abend in der Werkstatt", "Jeder Schritt, vom Rohstoff bis zur Verpackung."),
    "bn": ("কারখানায় এক সন্ধ্যা", "কাঁচামাল থেকে প্যাকেট পর্যন্ত প্রতিটি ধাপ দেখুন।"),
}


def load_live_demo(session: Session, *, actor: Actor, now: datetime) -> int:
    """Add the sessions unless they are there; returns how many were added."""
    if session.scalar(select(LiveSession.id).where(LiveSession.is_illustrative).limit(1)):
        return 0
    producer_id = _producer(session)
    if producer_id is None:
        return 0
    local = now.astimezone(VIETNAM)
    evening = datetime.combine(local.date(), _EVENING, VIETNAM)
    coming = _announce(session, producer_id, _TITLES, evening + _DAY, actor, now)
    before = evening - 5 * _DAY
    past = _announce(session, producer_id, _PAST_TITLES, before, actor, before - _DAY)
    if past is not None:
        checking.follow_clock(session, past.id, now=before)
        checking.follow_clock(session, past.id, now=before + _HOUR)
        checking.keep_replay(
            session, past.id, replay_url="https://live.ocop.example/replay", place="OCOP demo",
            reference="demo-recording-1", actor=actor, now=before + _HOUR,
        )  # fmt: skip
    return sum(one is not None for one in (coming, past))


def _announce(
    session: Session, producer_id: int, titles: dict[str, tuple[str, str]], starts: datetime,
    actor: Actor, now: datetime,
) -> LiveSession | None:  # fmt: skip
    """A session with the goods that nothing speaks against; None when there are none."""
    plan = Plan(
        title=titles["vi"][0],
        summary=titles["vi"][1],
        host_name="Nguyễn Thị Sáu",
        host_role="producer",
        starts_at=starts,
        ends_at=starts + _HOUR,
        links={"other": "https://live.ocop.example/watch"},
    )
    live = planning.plan_session(
        session, producer_id, plan, actor=actor, now=now, is_illustrative=True
    )
    for tag, text in titles.items():
        if tag != "vi":
            planning.write_text(session, live.id, tag, *text, actor=actor, now=now)
    checking.check_host(session, live.id, actor=actor, now=now)
    for choice in list_choices(session, producer_id):
        price = max(1_000, choice.retail.amount * 85 // 100_000 * 1_000)
        if choice.retail.currency == "VND" and choice.retail.amount > price:
            item = ItemPlan(choice.package_id, price, PIECES)
            planning.put_item(session, live.id, item, actor=actor, now=now)
    refused = {
        problem.item.package_id
        for problem in checking.session_problems(session, live, now=now)
        if problem.item is not None
    }
    kept = [c for c in list_choices(session, producer_id) if c.package_id not in refused]
    wanted = {choice.package_id for choice in kept[:MOST_GOODS]}
    for choice in list_choices(session, producer_id):
        if choice.package_id not in wanted:
            planning.remove_item(session, live.id, choice.package_id, actor=actor, now=now)
    if checking.session_problems(session, live, now=now):
        return None
    code = CouponPlan(f"DEMO{live.id}", "percent", 500, 50)
    planning.set_coupon(session, live.id, code, actor=actor, now=now)
    checking.check(session, live.id, actor=actor, now=now)
    return live


def _producer(session: Session) -> int | None:
    """The demo producer with the most goods on sale."""
    return session.scalar(
        select(Producer.id)
        .join(Product, Product.producer_id == Producer.id)
        .where(Producer.is_illustrative, Product.state == "published", Product.withheld.is_(False))
        .group_by(Producer.id)
        .order_by(func.count(Product.id).desc(), Producer.id)
        .limit(1)
    )
