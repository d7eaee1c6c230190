"""Commands that are changed after they were sent."""

import pytest

from bot.job import Phase
from tests.adapters.telegram.lot import Lot

TOO_LATE = "The order is already on its way to be filmed, as it was."


async def test_an_edit_before_the_submission_changes_the_order(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    lot.rest()
    await lot.server.edits(filming.command, "/video a wolf --dur 8")
    await lot.until(lambda: "a wolf" in filming.status.text)
    (job,) = await lot.jobs()
    assert (job.request.prompt, job.request.seconds) == ("a wolf", 8)
    assert "$0.40 reserved." in filming.status.text


async def test_an_edit_to_the_same_words_changes_nothing(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    await lot.server.edits(filming.command, "/video  a fox")
    await lot.fence()
    assert len(filming.status.versions) == 1
    assert len(lot.replies_to(filming.command)) == 1


async def test_an_edit_after_the_submission_is_ignored_and_that_is_said_once(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    await filming.until(Phase.RENDERING)
    lot.rest()
    await lot.server.edits(filming.command, "/video a wolf")
    said = await lot.reply_to(filming.command, 2)
    assert TOO_LATE in said.text
    await lot.server.edits(filming.command, "/video a bear")
    await lot.fence()
    assert len(lot.replies_to(filming.command)) == 2
    assert (await filming.finish()).request.prompt == "a fox"


async def test_a_refused_command_that_is_corrected_becomes_an_order(lot: Lot) -> None:
    command = await lot.says("/video a fox --ar 7:5")
    refused = await lot.reply_to(command)
    assert "Nothing was charged." in refused.text
    await lot.server.edits(command, "/video a fox --ar 1:1")
    assert (await lot.reply_to(command, 2)).text.startswith("⏳ Waiting")
    filming = await lot.filming(command, f"{command.chat.id}/{command.id}")
    assert filming.job.request.ratio == "1:1"


async def test_a_correction_that_is_wrong_again_is_refused_again(lot: Lot) -> None:
    command = await lot.says("/video a fox --ar 7:5")
    await lot.reply_to(command)
    await lot.server.edits(command, "/video a fox --ar 8:5")
    assert "8:5" in (await lot.reply_to(command, 2)).text


async def test_an_order_stays_as_it_is_when_its_correction_makes_no_sense(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    await lot.server.edits(filming.command, "/video a fox --ar 7:5")
    assert (await lot.reply_to(filming.command, 2)).text.startswith("⚠️")
    assert (await filming.finish()).phase is Phase.DELIVERED


async def test_an_edit_that_was_told_twice_changes_the_order_once(lot: Lot) -> None:
    filming = await lot.order("/video a fox")
    await lot.server.edits(filming.command, "/video a wolf")
    lot.server.redeliver(filming.command.update_id)
    await lot.fence()
    assert [job.request.prompt for job in await lot.jobs()] == ["a wolf"]
    assert len(lot.replies_to(filming.command)) == 1


@pytest.mark.parametrize("text", ["/help", "/video", "never mind", "/video@other_bot a fox"])
async def test_an_edit_to_anything_else_is_passed_over(lot: Lot, text: str) -> None:
    filming = await lot.order("/video a fox")
    await lot.server.edits(filming.command, text)
    await lot.fence()
    assert len(lot.replies_to(filming.command)) == 1
    assert (await filming.finish()).request.prompt == "a fox"
