"""What is heard, where, and from whom."""

import pytest

from tests.adapters.telegram.lot import Lot
from tests.telegram_api.people import Chat, Member


async def test_a_command_in_private_becomes_a_job(lot: Lot) -> None:
    filming = await lot.order("/video a red fox")
    assert filming.job.request.prompt == "a red fox"
    assert filming.status.text.startswith("⏳ Waiting · ordered 12:00 UTC")


async def test_a_command_in_a_group_with_privacy_becomes_a_job(lot: Lot) -> None:
    assert lot.server.world.has_privacy
    group = lot.server.group("Film club", lot.ann)
    await lot.order("/video a fox", group)
    assert len(await lot.jobs(group)) == 1


async def test_a_command_in_a_topic_is_answered_there(lot: Lot) -> None:
    chat = lot.server.supergroup("Film club", lot.ann, is_forum=True)
    topic = lot.server.topic(chat, "Foxes")
    answered = await lot.answer("/help", chat, thread=topic.id)
    assert answered.thread == topic.id


async def test_the_status_and_the_clip_stand_in_the_topic_of_the_command(lot: Lot) -> None:
    chat = lot.server.supergroup("Film club", lot.ann, is_forum=True)
    topic = lot.server.topic(chat, "Foxes")
    command = await lot.says("/video a fox", chat, thread=topic.id)
    filming = await lot.filming(command, f"{chat.id}/{command.id}")
    clip = await filming.clip()
    assert (filming.status.thread, clip.thread, clip.reply_to) == (topic.id, topic.id, command)


async def test_the_bot_s_own_name_in_a_command_is_understood(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann)
    filming = await lot.order("/video@Rushes_bot a fox", group)
    assert filming.job.request.prompt == "a fox"


async def test_a_command_for_another_bot_is_ignored(lot: Lot) -> None:
    lot.server.world.has_privacy = False
    group = lot.server.supergroup("Film club", lot.ann)
    await lot.says("/video@other_bot a fox", group)
    await lot.fence(group)
    assert len(lot.server.replies(group)) == 1
    assert not await lot.jobs(group)


async def test_an_unknown_command_in_a_group_may_be_another_bot_s(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann)
    await lot.says("/weather", group)
    await lot.fence(group)
    assert len(lot.server.replies(group)) == 1


@pytest.mark.parametrize("text", ["/weather", "/weather@rushes_bot"])
async def test_an_unknown_command_that_can_be_for_nobody_else_is_answered(lot: Lot, text: str) -> None:
    group = lot.server.group("Film club", lot.ann)
    chat = group if "@" in text else lot.home
    assert "There is no /weather here." in (await lot.answer(text, chat)).text


async def test_a_caption_is_no_command_to_film_the_picture(lot: Lot, jpeg: bytes) -> None:
    form = await lot.answer("/video a fox", photo=jpeg)
    assert "Pictures are not filmed, only words." in form.text
    assert not await lot.jobs()
    assert (await lot.presses(form, "film")).text == "Waiting"


async def test_a_caption_is_a_command_like_any_other(lot: Lot, jpeg: bytes) -> None:
    assert (await lot.answer("/usage", photo=jpeg)).text.startswith("Your usage")


async def test_the_caption_of_a_picture_is_not_filmed_after_a_correction_either(lot: Lot, jpeg: bytes) -> None:
    command = await lot.says("/video a fox", photo=jpeg)
    await lot.reply_to(command)
    await lot.server.edits(command, "/video a red fox")
    await lot.fence()
    assert not await lot.jobs()


async def test_a_picture_without_a_word_in_private_is_passed_over(lot: Lot, jpeg: bytes) -> None:
    await lot.says("", photo=jpeg)
    await lot.fence()
    assert len(lot.server.replies(lot.home)) == 1


async def test_a_command_that_replies_to_somebody_s_words_offers_to_film_them(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    words = await lot.server.says(lot.bob, group, "a fox reads the news")
    form = await lot.answer("/video", group, reply_to=words)
    assert "/video a fox reads the news" in form.text
    assert not await lot.jobs(group)


async def test_a_command_that_replies_to_a_caption_offers_to_film_it(lot: Lot, jpeg: bytes) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    picture = await lot.server.says(lot.bob, group, "a paper boat", photo=jpeg)
    assert "/video a paper boat" in (await lot.answer("/video", group, reply_to=picture)).text


async def test_a_command_that_replies_to_a_picture_without_words_asks_what_to_film(lot: Lot, jpeg: bytes) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    picture = await lot.server.says(lot.bob, group, "", photo=jpeg)
    form = await lot.answer("/video", group, reply_to=picture)
    assert form.text.startswith("What shall be filmed?")


async def test_a_command_that_replies_to_the_bot_takes_none_of_its_words(lot: Lot) -> None:
    privacy = await lot.answer("/privacy")
    assert (await lot.answer("/video", reply_to=privacy)).text.startswith("What shall be filmed?")


def anonymous(chat: Chat) -> dict[str, object]:
    """As Telegram shows an admin who speaks as the group."""
    return {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        "sender_chat": chat.as_json(),
    }


async def test_an_anonymous_admin_orders_in_the_name_of_the_group(lot: Lot) -> None:
    group = lot.server.supergroup("Film club", lot.ann)
    command = await lot.says("/video a fox", group, extra=anonymous(group))
    filming = await lot.filming(command, f"{group.id}/{command.id}")
    assert (filming.job.identity.user, filming.job.identity.name) == (str(group.id), "Film club")
    assert (await filming.clip()).caption.endswith("for Film club")


@pytest.fixture
def robot(lot: Lot) -> Member:
    robot = lot.server.member("Robot")
    robot.is_bot = True
    return robot


async def test_other_bots_are_not_obeyed(lot: Lot, robot: Member) -> None:
    lot.server.world.has_privacy = False
    group = lot.server.supergroup("Film club", lot.ann, robot)
    await lot.server.says(robot, group, "/video a fox")
    await lot.fence(group)
    assert not await lot.jobs(group)


@pytest.mark.parametrize(
    "extra", [{"is_automatic_forward": True}, {"via_bot": {"id": 7, "is_bot": True, "first_name": "R"}}]
)
async def test_what_nobody_typed_is_not_obeyed(lot: Lot, extra: dict[str, object]) -> None:
    group = lot.server.supergroup("Film club", lot.ann)
    await lot.says("/video a fox", group, extra=extra)
    await lot.fence(group)
    assert not await lot.jobs(group)


async def test_every_command_of_the_core_is_answered_as_a_reply(lot: Lot) -> None:
    for command, title in (
        ("/start", "I film what you describe"),
        ("/help", "/video and what to film"),
        ("/usage", "Your usage"),
        ("/history", "Your latest orders"),
        ("/LINK", "Join your accounts"),
    ):
        assert (await lot.answer(command)).text.startswith(title)
        lot.stage.clock.forward(5)


async def test_a_command_that_asks_for_the_price_orders_nothing(lot: Lot) -> None:
    asked = await lot.says("/video a fox --cost")
    assert (await lot.reply_to(asked)).text.startswith("$0.20 for this clip")
    assert not await lot.jobs()
    await lot.server.edits(asked, "/video a fox")
    assert (await lot.reply_to(asked, 2)).text.startswith("⏳")


async def test_a_command_that_asks_for_help_orders_nothing(lot: Lot) -> None:
    assert "options in any place" in (await lot.answer("/video help")).text
    assert not await lot.jobs()


async def test_cancelling_by_command_is_signed_and_shown(lot: Lot) -> None:
    filming = await lot.order()
    cancel = await lot.says("/Cancel")
    await lot.until(lambda: cancel.reactions == ["👌"])
    await lot.until(lambda: "Cancelled" in filming.status.text)
    assert "Nothing was charged." in filming.status.text
