"""What an address reads in each language, and which one stays when a name changes."""

from __future__ import annotations

from catalog.rules.addresses import addresses, says, wanted
from i18n.addresses import slug_in
from tests.rows import each_row


@each_row(
    ("locale", "name", "slug"),
    [
        ("vi", "Nước mắm Cà Mau đặc biệt", "nuoc-mam-ca-mau-dac-biet"),
        ("en", "Anchovy fish sauce, 500 ml", "anchovy-fish-sauce-500-ml"),
        ("fr", "Thé à l’hibiscus d’été", "the-a-l-hibiscus-d-ete"),
        ("de", "Grüner Tee süß", "gruener-tee-suess"),
        ("ko", "멸치 액젓", "myeol-chi-aeg-jeos"),
        ("zh-hans", "绿茶礼盒", "lu-cha-li-he"),
        ("zh-hant", "蝦米", "xia-mi"),
        ("bn", "মাছের সস", "macher-ss"),
        ("ja", "ニョクマム", "niyokumamu"),
        ("ja", "乾燥エビ", ""),  # Han characters have no reading of their own in Japanese
        ("en", "3–5", ""),
        ("en", "★", ""),
        ("en", "../../etc/passwd?x=<script>", "etc-passwd-x-script"),
    ],
)
def test_a_name_makes_an_address_where_its_script_can_be_read(
    locale: str, name: str, slug: str
) -> None:
    assert slug_in(name, locale) == slug


def test_a_language_without_a_name_of_its_own_takes_the_next_of_its_chain() -> None:
    found = wanted({"vi": "Tôm khô", "en": "Dried shrimp", "ja": "乾燥エビ", "zh-hant": "蝦米"})
    assert found["ja"] == found["de"] == found["en"] == "dried-shrimp"
    assert found["zh-hans"] == "xia-mi"
    assert found["vi"] == "tom-kho"


def test_the_number_that_made_an_address_unique_is_no_change_of_name() -> None:
    assert says("tom-kho-2", "tom-kho")
    assert not says("tom-kho-rach-goc", "tom-kho")
    assert not says("tom", "tom-kho")


def test_an_address_once_given_is_taken_again_before_a_new_one_is_made() -> None:
    asked: list[str] = []

    def free(base: str) -> str:
        asked.append(base)
        return f"{base}-2"

    found = addresses(
        wanted({"vi": "Tôm khô", "en": "Dried shrimp", "fr": "Crevettes"}),
        first="tom-kho",
        present={"en": "shrimps", "fr": "crevettes-7"},
        owned={"shrimps", "crevettes-7", "dried-shrimp"},
        free=free,
    )
    assert found.by_locale["en"] == found.by_locale["ja"] == "dried-shrimp"
    assert found.by_locale["fr"] == "crevettes-7"
    assert "vi" not in found.by_locale
    assert (found.new, asked) == ((), [])


def test_a_new_name_in_vietnamese_makes_a_new_address_too() -> None:
    found = addresses(
        wanted({"vi": "Tôm khô Rạch Gốc"}),
        first="tom-kho",
        present={},
        owned=(),
        free=lambda base: base,
    )
    assert found.new == ("tom-kho-rach-goc",)
    assert set(found.by_locale.values()) == {"tom-kho-rach-goc"}
    assert len(found.by_locale) == 9
