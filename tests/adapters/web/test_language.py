"""The page speaks the language that the browser prefers, or the one that was chosen."""

import pytest

from tests.adapters.web.conftest import House, guest, order


@pytest.mark.parametrize(
    ("preferred", "lang", "direction", "title"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "ltr", "Was sollen wir filmen?"),
        ("tlh, pt-BR;q=0.5", "pt-BR", "ltr", "O que vamos filmar?"),
        ("ar", "ar", "rtl", "ماذا نصوّر؟"),
        ("*", "en", "ltr", "What shall we film?"),
    ],
)
async def test_the_page_is_in_the_first_language_of_the_browser_that_is_there(
    slow_house: House, preferred: str, lang: str, direction: str, title: str
) -> None:
    async with guest(slow_house, **{"accept-language": preferred}) as anyone:
        page = (await anyone.get("/")).text
    assert f'<html lang="{lang}" dir="{direction}">' in page
    assert f'<h2 id="welcome">{title}</h2>' in page


async def test_who_orders_and_who_is_refused_reads_the_language_of_their_browser(slow_house: House) -> None:
    async with guest(slow_house, **{"accept-language": "de"}) as dora:
        ordered = (await order(dora, "a fox")).json()
        refused = (await order(dora, "a fox --ar 5:4")).json()
    assert ordered["title"] in {"Wartet", "Wird bestellt", "Wird gefilmt"}
    assert '<div class="bubble" lang="de" dir="ltr">' in ordered["html"]
    assert refused["title"] == "Unbekannter Wert"
    assert refused["lines"][-1] == "Es wurde nichts berechnet."


async def test_others_see_an_order_in_its_own_language_on_a_page_in_theirs(slow_house: House) -> None:
    async with guest(slow_house, **{"accept-language": "de"}) as dora, guest(slow_house) as ann:
        await order(dora, "a fox")
        page = (await ann.get("/")).text
    assert '<html lang="en" dir="ltr">' in page
    assert ">Abbrechen</button>" in page


async def test_a_choice_counts_more_than_the_browser(slow_house: House) -> None:
    async with guest(slow_house, **{"accept-language": "de"}) as dora:
        await order(dora, "/language ar")
        assert '<html lang="ar" dir="rtl">' in (await dora.get("/")).text
        assert (await order(dora, "/usage")).json()["title"] == "استخدامك"
