import random

from catalog.models.product import sort_text


def test_the_stored_sort_text_orders_like_a_vietnamese_dictionary():
    words = ["an", "ăn", "ân", "ba", "ca", "da", "đa", "ma", "mà", "mả", "mã", "má", "mạ", "mai"]
    shuffled = random.sample(words, len(words))
    assert sorted(shuffled, key=sort_text) == words
