"""Everybody reads their own language on Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.card import Verb
from bot.job import Phase
from rushes.languages import translated
from tests.adapters.telegram.lot import Filming, Lot
from tests.stage import Stage, staged
from tests.telegram_api.people import Member


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, languages=translated()) as built:
        yield built


@pytest.fixture
def dora(lot: Lot) -> Member:
    return lot.server.member("Dora", language="de-AT")


async def test_who_orders_follows_it_in_their_own_language_also_after_a_restart(lot: Lot, dora: Member) -> None:
    home = lot.server.private(dora)
    filming = await lot.order("/video a fox", home, by=dora)
    await lot.until(lambda: filming.status.text.startswith("⏳ Wartet · bestellt 12:00 UTC\nAls Nächstes dran.\n"))
    assert [button.text for button in filming.status.buttons] == ["✖️ Abbrechen"]
    await lot.restart()
    await filming.until(Phase.RENDERING)
    lot.rest()
    await lot.until(lambda: "fal filmt." in filming.status.text)


async def test_who_is_refused_reads_why_in_their_own_language(lot: Lot, dora: Member) -> None:
    home = lot.server.private(dora)
    refused = await lot.reply_to(await lot.server.says(dora, home, "/video a fox --ar 5:4"))
    assert refused.text == (
        "⚠️ Unbekannter Wert\n“5:4” passt nicht zu --ar. Meintest du 3:4?\n".replace("“5:4”", "„5:4“")
        + "Schreib --ar mit 16:9, 9:16, 1:1, 4:3 oder 3:4.\nEs wurde nichts berechnet."
    )


async def test_in_a_group_each_is_answered_in_their_own_language_unless_its_admins_chose_one(
    lot: Lot, dora: Member
) -> None:
    group = lot.server.supergroup("Club", lot.ann, dora, admins=[lot.bob])
    asked = await lot.server.says(dora, group, "/usage")
    assert (await lot.reply_to(asked)).text.startswith("Dein Verbrauch")
    assert (await lot.answer("/usage", group)).text.startswith("Your usage")
    chosen = await lot.server.says(lot.bob, group, "/video_admin language fr")
    assert (await lot.reply_to(chosen)).text.startswith("Done\nI speak Français here")
    lot.rest()
    asked = await lot.server.says(dora, group, "/usage")
    assert (await lot.reply_to(asked)).text.startswith("Votre utilisation")
    chosen = await lot.server.says(dora, group, "/language de")
    assert (await lot.reply_to(chosen)).text == "Ich spreche jetzt Deutsch mit dir"
    lot.rest()
    asked = await lot.server.says(dora, group, "/usage")
    assert (await lot.reply_to(asked)).text.startswith("Dein Verbrauch")


async def test_who_presses_somebody_else_s_button_reads_why_not_in_their_own_language(lot: Lot, dora: Member) -> None:
    group = lot.server.supergroup("Club", lot.ann, dora)
    filming = await lot.order(chat=group)
    answer = await lot.presses(filming.status, Verb.CANCEL, by=dora)
    assert answer.text == "Nicht deins: Das kann nur Ann. Frag dort nach, oder bestelle deinen eigenen mit /video."


async def test_a_form_and_what_is_changed_in_it_speak_the_language_of_whoever_asked(lot: Lot, dora: Member) -> None:
    home = lot.server.private(dora)
    form = await lot.reply_to(await lot.server.says(dora, home, "a fox"))
    assert form.text.startswith("Das filmen?")
    assert [button.text for button in form.buttons][-2:] == ["🎬 Filmen", "✖️ Schließen"]
    assert (await lot.presses(form, "--dur 8", by=dora)).text == "16:9, 720p, 8 s: 0,40\xa0$ bei fal."


async def test_a_clip_comes_with_buttons_in_the_language_of_its_order(lot: Lot, dora: Member) -> None:
    group = lot.server.supergroup("Club", lot.ann, dora)
    filming: Filming = await lot.order(chat=group, by=dora)
    clip = await filming.clip()
    assert str(clip.caption).endswith("1280×720, 5 s, 0,20\xa0$\nfür Dora")
    assert [button.text for button in clip.buttons][:2] == ["🔄 Noch einmal", "🎯 Gleicher Seed"]
