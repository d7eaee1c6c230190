"""*Edit*: the command comes back in a form, and what is sent with it is an order."""

import pytest

from bot.card import Verb
from bot.request import TEXT_LIMIT, Ratio
from tests.adapters.discord.club import Club
from tests.discord_api.interactions import Interaction, Modal
from tests.discord_api.messages import Message

MONTHS = 200 * 24 * 3600


@pytest.fixture
async def clip(club: Club) -> Message:
    return await (await club.film("a fox --ar 9:16 --seed 7")).clip()


async def form(club: Club, clip: Message) -> Modal:
    pressed = await club.press(clip, Verb.EDIT)
    return await club.until(lambda: pressed.modal)


async def submits(club: Club, modal: Modal, **values: str) -> Interaction:
    return await club.server.submits(club.ann, modal, **values)


async def test_the_form_holds_the_whole_command(club: Club, clip: Message) -> None:
    modal = await form(club, clip)
    [label] = modal.components
    field = label["component"]
    assert isinstance(field, dict)
    assert field["value"] == "/video a fox --ar 9:16 --seed 7"
    assert (modal.title, label["label"]) == ("Change it and film it", "The command, with its options")


async def test_what_is_sent_unchanged_is_the_same_order(club: Club, clip: Message) -> None:
    filming = await club.filming(await submits(club, await form(club, clip)))
    assert filming.job.request.ratio is Ratio.TALL
    assert (filming.job.request.prompt, filming.job.seed) == ("a fox", 7)


async def test_what_was_changed_is_what_is_filmed(club: Club, clip: Message) -> None:
    filming = await club.filming(await submits(club, await form(club, clip), command="/video a hare --ar 1:1"))
    assert (filming.job.request.prompt, filming.job.request.ratio) == ("a hare", Ratio.SQUARE)
    assert (await filming.clip()).pings.members == (club.ann,)


async def test_a_form_can_be_sent_after_a_restart_and_months_later(club: Club, clip: Message) -> None:
    await club.restart()
    club.stage.clock.forward(MONTHS)
    modal = await form(club, clip)
    await club.restart()
    filming = await club.filming(await submits(club, modal, command="a hare"))
    assert filming.job.request.prompt == "a hare"


async def test_what_is_wrong_in_a_form_is_told_to_whoever_sent_it(club: Club, clip: Message) -> None:
    submitted = await submits(club, await form(club, clip), command="a hare --ar 2:3")
    refusal = await club.answer(submitted)
    assert refusal.only_for is club.ann
    assert "--ar" in refusal.text


async def test_a_form_sent_twice_orders_twice_but_a_form_heard_twice_once(club: Club, clip: Message) -> None:
    modal = await form(club, clip)
    first = await club.filming(await submits(club, modal))
    second = await club.filming(await submits(club, modal))
    club.server.redeliver(second.asked)
    await club.fence()
    assert [job.id for job in await club.jobs()] == [first.job.id, second.job.id]


async def test_anybody_edits_for_themselves(club: Club, clip: Message) -> None:
    pressed = await club.press(clip, Verb.EDIT, club.bob)
    modal = await club.until(lambda: pressed.modal)
    filming = await club.filming(await club.server.submits(club.bob, modal))
    assert filming.job.identity.user == str(club.bob.id)


async def test_a_command_that_no_form_can_hold_is_refused(club: Club) -> None:
    asked = await club.commands("video", prompt="x " * (TEXT_LIMIT // 2), no="y " * (TEXT_LIMIT // 2))
    clip = await (await club.filming(asked)).clip()
    assert "Too long to be edited here" in await club.pressed(clip, Verb.EDIT)


async def test_the_longest_prompt_can_be_edited(club: Club) -> None:
    clip = await (await club.film("x" * TEXT_LIMIT)).clip()
    await form(club, clip)


async def test_a_form_that_is_not_ours_is_left_alone(club: Club, clip: Message) -> None:
    modal = await form(club, clip)
    modal.custom_id = "survey"
    submitted = await submits(club, modal)
    await club.fence()
    assert not submitted.is_acknowledged
