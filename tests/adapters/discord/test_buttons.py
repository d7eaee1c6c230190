"""What the buttons do, for whom, and for how long: a restart and many months make no difference."""

from dataclasses import replace

import pytest

from adapters.chat.discord.handle import Handle
from bot.access import DOOR, Door
from bot.card import Verb
from bot.decision import Decision, Ruling
from bot.job import Phase
from bot.request import Resolution
from tests.adapters.discord.club import TOKEN_SECONDS, Club, Filming
from tests.discord_api.interactions import Interaction
from tests.discord_api.messages import Message

MONTHS = 200 * 24 * 3600


@pytest.fixture
async def clip(club: Club) -> Message:
    return await (await club.film("a fox --seed 7")).clip()


def by_admin(club: Club) -> Decision:
    chat = f"discord:{club.guild.id}"
    return Decision(by=f"discord:{club.zoe.id}", at=club.stage.clock.now(), chat=chat, what="access listed")


async def made(club: Club, pressed: Interaction) -> Message:
    """The clip that was ordered with a button."""
    return await (await club.filming(pressed)).clip()


async def doctored(club: Club, message: Message, custom_id: str) -> Interaction:
    """Pressed where somebody has a message of another version before them."""
    message.buttons[0].raw["custom_id"] = custom_id
    return await club.server.presses(club.ann, message, custom_id)


@pytest.mark.parametrize("verb", [Verb.AGAIN, Verb.SAME_SEED, Verb.HD])
async def test_a_button_orders_after_a_restart_and_months_later(club: Club, clip: Message, verb: Verb) -> None:
    await club.restart()
    club.stage.clock.forward(MONTHS)
    another = await made(club, await club.press(clip, verb))
    assert another is not clip
    assert another.pings.members == (club.ann,)
    assert club.server.unacknowledged == []


async def test_again_films_with_another_seed_and_same_seed_with_the_same(club: Club, clip: Message) -> None:
    again = await club.filming(await club.press(clip, Verb.AGAIN))
    same = await club.filming(await club.press(clip, Verb.SAME_SEED))
    assert again.job.seed != 7
    assert same.job.seed == 7


async def test_hd_films_the_same_with_more_lines(club: Club, clip: Message) -> None:
    filming = await club.filming(await club.press(clip, Verb.HD))
    assert (filming.job.request.resolution, filming.job.seed) == (Resolution.P1080, 7)


async def test_who_presses_orders_for_themselves(club: Club, clip: Message) -> None:
    filming = await club.filming(await club.press(clip, Verb.AGAIN, club.bob))
    assert filming.job.identity.user == str(club.bob.id)
    assert (await filming.clip()).pings.members == (club.bob,)


async def test_who_orders_is_known_by_the_name_that_others_see(club: Club, clip: Message) -> None:
    filming = await club.filming(await club.press(clip, Verb.AGAIN))
    assert filming.job.identity.name == "Ann"


async def test_a_failed_order_can_be_tried_again(club: Club) -> None:
    filming = await club.film()
    await club.pressed(filming.status, Verb.CANCEL)
    await filming.told()
    await made(club, await club.press(filming.status, Verb.TRY_AGAIN))


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_who_ordered_deletes_the_clip(club: Club, clip: Message, *, is_restarted: bool) -> None:
    if is_restarted:
        await club.restart()
        club.stage.clock.forward(MONTHS)
    assert "Deleted" in await club.pressed(clip, Verb.DELETE)
    await club.until(lambda: clip.is_deleted)
    assert club.stage.library.discarded


async def test_a_clip_that_is_deleted_before_its_status_went_away_takes_that_along(club: Club) -> None:
    filming = await club.film()
    clip, status = await filming.clip(), (await club.film("a wolf")).status
    job = await club.noted(filming.job, lambda job: job.told)
    await club.stage.store.save(replace(job, status=Handle(channel=club.channel.id, message=status.id).written()))
    assert "Deleted" in await club.pressed(clip, Verb.DELETE)
    await club.until(lambda: clip.is_deleted and status.is_deleted)


async def test_who_keeps_order_deletes_what_others_had_filmed(club: Club, clip: Message) -> None:
    club.server.grant(club.guild, club.bob, club.server.role(club.guild, "Warden", manage_messages=True))
    assert "Deleted" in await club.pressed(clip, Verb.DELETE, club.bob)
    await club.until(lambda: clip.is_deleted)


async def test_who_keeps_order_and_was_not_let_in_orders_nothing_with_a_button(club: Club, clip: Message) -> None:
    await club.stage.store.rulebook.decide(Ruling(terms=((DOOR, Door.LISTED),)), by_admin(club))
    club.server.grant(club.guild, club.bob, club.server.role(club.guild, "Warden", manage_messages=True))
    assert "Not allowed" in await club.pressed(clip, Verb.AGAIN, club.bob)


@pytest.mark.parametrize("verb", [Verb.DELETE, Verb.CANCEL])
async def test_what_is_somebody_else_s_is_refused_kindly(club: Club, verb: Verb) -> None:
    filming = await club.film()
    message = filming.status if verb is Verb.CANCEL else await filming.clip()
    refusal = await club.pressed(message, verb, club.bob)
    assert refusal == "⚠️ **Not yours**\nOnly Ann can do that.\nAsk them, or order your own with /video."
    assert not message.is_deleted


async def test_who_keeps_order_cancels_what_others_ordered_there(club: Club) -> None:
    filming = await club.film()
    assert "Cancelled" in await club.pressed(filming.status, Verb.CANCEL, club.zoe)


async def test_others_cancel_nobody_s_orders(club: Club) -> None:
    filming = await club.film()
    assert "Not yours" in await club.pressed(filming.status, Verb.CANCEL, club.bob)


async def test_a_member_alone_with_the_bot_deletes_only_their_own(club: Club) -> None:
    home = club.server.dm(club.ann)
    clip = await (await club.film(channel=home)).clip()
    assert "Deleted" in await club.pressed(clip, Verb.DELETE)
    await club.until(lambda: clip.is_deleted)


async def test_a_clip_that_cannot_be_taken_away_says_that_it_was_deleted(club: Club) -> None:
    """In a direct message it is the bot's own; where the bot has no access any more, nothing can be done."""
    clip = await (await club.film()).clip()
    club.server.permit(club.channel, view_channel=False)
    assert "Deleted" in await club.pressed(clip, Verb.DELETE)
    await club.until(lambda: len(club.server.called("delete_message")) and club.server.called("edit_message"))
    assert not clip.is_deleted


async def test_a_clip_that_came_as_a_link_is_taken_away_too(club: Club, clip: Message) -> None:
    await club.server.removes(clip)
    assert "Deleted" in await club.pressed(clip, Verb.DELETE)
    await club.fence()
    assert "There is no clip to delete." in await club.pressed(clip, Verb.DELETE)


async def test_a_late_press_on_cancel_is_refused(club: Club) -> None:
    filming = await club.film()
    await filming.until(Phase.DELIVERING)
    assert "There is nothing left to cancel." in await club.pressed(filming.status, Verb.CANCEL)


async def test_cancel_works_when_the_token_of_the_order_is_long_gone(club: Club) -> None:
    filming = await club.film()
    club.stage.clock.forward(TOKEN_SECONDS)
    assert "Cancelled" in await club.pressed(filming.status, Verb.CANCEL)
    await filming.told()
    assert "Cancelled" in filming.status.text


@pytest.mark.parametrize("custom_id", ["explode:0123456789abcdef0123", "again:", "again:0000", "nonsense", "a:b:c"])
async def test_a_button_that_means_nothing_any_more_is_answered(club: Club, clip: Message, custom_id: str) -> None:
    answer = await club.answer(await doctored(club, clip, custom_id))
    assert answer.only_for is club.ann
    assert answer.text.startswith("⚠️ **Not found**\nThis button belongs to an order that is no longer kept.")


async def test_each_press_is_acknowledged_at_once(club: Club, clip: Message) -> None:
    for button in clip.buttons:
        await club.server.presses(club.bob, clip, button.data or "")
    await club.until(lambda: not club.server.unacknowledged)
    assert {interaction.latency for interaction in club.server.interactions} == {0}


async def test_history_has_a_button_for_each_clip_that_can_be_sent(club: Club) -> None:
    for number in range(12):
        filming: Filming = await club.film(f"fox {number}")
        if number != 11:
            await filming.clip()
    history = await club.answer(await club.commands("history"))
    assert [button.text for button in history.buttons] == [str(number) for number in range(2, 11)]
    assert history.text.splitlines()[1].startswith("1. Waiting: fox 11")


async def test_delete_below_a_copy_takes_the_copy_and_the_clip(club: Club, clip: Message) -> None:
    history = await club.answer(await club.commands("history"))
    await club.press(history, Verb.SEND_AGAIN)
    copy = await club.until(lambda: next((other for other in club.clips() if other is not clip), None))
    await club.press(copy, Verb.DELETE)
    await club.until(lambda: (copy.deleted_at and clip.deleted_at) or None)
