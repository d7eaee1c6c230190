"""What Telegram shows before anybody writes."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.chat.telegram import chat as chat_module
from adapters.chat.telegram.profile import DESCRIPTION, SHORT_DESCRIPTION
from bot.commands import SUMMARIES, Word
from bot.speech import say, speaking
from rushes.languages import translated
from tests.adapters.telegram.lot import Lot
from tests.stage import Stage, staged
from tests.telegram_api.faults import Fault
from tests.telegram_api.profile import MOST_WORDS

GERMAN = translated()["de"]()

WRITES = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def writes(lot: Lot) -> list[str]:
    return [call.method for call in lot.server.calls if call.method in WRITES]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, languages={"de": lambda: GERMAN}) as built:
        yield built


@pytest.fixture
async def introduced(lot: Lot) -> Lot:
    await lot.until(lambda: ("short_description", "de") in lot.server.profile.words)
    return lot


async def test_every_command_is_listed_in_private(introduced: Lot) -> None:
    listed = introduced.server.profile.commands(type="all_private_chats")
    assert listed == {str(word): summary for word, summary in SUMMARIES.items()}


async def test_the_menu_and_the_descriptions_speak_the_languages_that_there_are(introduced: Lot) -> None:
    listed = introduced.server.profile.commands("de", type="all_group_chats")
    assert listed[Word.VIDEO] == "Filmt, was du beschreibst"
    assert {language for _, language in introduced.server.profile.lists} == {"", "de"}
    with speaking(GERMAN):
        assert introduced.server.profile.words["description", "de"] == say(DESCRIPTION) != DESCRIPTION


async def test_groups_are_not_offered_what_belongs_in_private(introduced: Lot) -> None:
    listed = introduced.server.profile.commands(type="all_group_chats")
    assert Word.VIDEO in listed
    assert not {Word.LINK, Word.UNLINK, Word.START} & set(listed)


async def test_the_descriptions_say_what_to_send(introduced: Lot) -> None:
    assert introduced.server.profile.words["description", ""] == DESCRIPTION
    assert introduced.server.profile.words["short_description", ""] == SHORT_DESCRIPTION
    assert len(DESCRIPTION) <= MOST_WORDS["description"]
    assert len(SHORT_DESCRIPTION) <= MOST_WORDS["short_description"]
    assert "/video" in DESCRIPTION


async def test_nothing_is_written_that_stands_there_already(introduced: Lot) -> None:
    before = writes(introduced)
    await introduced.restart()
    await introduced.until(lambda: len(introduced.server.called("getMyShortDescription")) == 4)
    await introduced.fence()
    assert writes(introduced) == before
    assert len(before) == 2 * (3 + 2)


async def test_only_what_is_different_is_written(introduced: Lot) -> None:
    before = writes(introduced)
    introduced.server.profile.words["description", ""] = "I was something else."
    await introduced.restart()
    await introduced.until(lambda: introduced.server.profile.words["description", ""] == DESCRIPTION)
    assert writes(introduced) == [*before, "setMyDescription"]


async def test_a_profile_that_cannot_be_written_keeps_nobody_from_being_served(
    closed: Lot, caplog: pytest.LogCaptureFixture
) -> None:
    closed.server.fault("setMyCommands", Fault(status=429, description="Flood", retry_after=5000))
    await closed.open()
    assert await closed.serves()
    assert "commands and description are not up to date: Telegram wants a pause" in caplog.text


async def test_the_log_says_as_whom_the_bot_is_connected(closed: Lot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "adapters")
    await closed.open()
    assert "connected to Telegram as @rushes_bot" in caplog.text


async def test_what_is_on_its_way_at_a_stop_still_leaves(lot: Lot) -> None:
    gate = lot.server.hold("sendMessage")
    command = await lot.says("/help")
    await lot.until(lambda: lot.server.called("sendMessage"))
    gate.set()
    await lot.close()
    assert lot.replies_to(command)


async def test_a_stop_does_not_wait_for_long(
    lot: Lot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chat_module, "STOP_SECONDS", 0)
    lot.server.hold("sendMessage")
    await lot.says("/help")
    await lot.until(lambda: lot.server.called("sendMessage"))
    await lot.close()
    assert "some answers were still on their way" in caplog.text
