"""Everybody reads their own language on Discord."""

import pytest

from bot.card import Verb
from bot.job import Phase
from tests.adapters.discord.club import Club
from tests.discord_api.people import Member


@pytest.fixture
def dora(club: Club) -> Member:
    dora = club.server.member("Dora", locale="de")
    club.guild.members[dora.id] = dora
    return dora


async def test_who_orders_follows_it_in_their_own_language(club: Club, dora: Member) -> None:
    filming = await club.film(by=dora)
    assert filming.status.text.startswith("⏳ **Wartet** · bestellt <t:1767268800:R>\nAls Nächstes dran.\n")
    await filming.until(Phase.RENDERING)
    await filming.shown("🎬 **Wird gefilmt**")


async def test_who_is_refused_reads_why_in_their_own_language(club: Club, dora: Member) -> None:
    refused = await club.answer(await club.commands("video", None, dora, prompt="a fox --ar 5:4"))
    assert refused.text.startswith("⚠️ **Unbekannter Wert**\n")
    assert refused.only_for is dora


async def test_a_choice_of_one_s_own_counts_more_than_the_app_s(club: Club, dora: Member) -> None:
    assert await club.told("language", None, dora, language="fr") == "**Je parle maintenant Français avec vous**"
    assert (await club.told("usage", None, dora)).startswith("**Votre utilisation**")
    assert (await club.told("usage")).startswith("**Your usage**")
    assert (await club.told("language", None, dora)).startswith("**Je parle Français avec vous**\n`/language en`")


async def test_a_form_to_change_a_command_speaks_the_language_of_whoever_opens_it(club: Club, dora: Member) -> None:
    filming = await club.film(by=dora)
    await filming.finish()
    asked = await club.press(await filming.clip(), Verb.EDIT, by=dora)
    modal = await club.until(lambda: asked.modal)
    assert modal.title == "Ändern und filmen"
