"""What admins say in their groups, who is one, and whom they mean."""

from dataclasses import replace

import pytest

from bot.allowance import Limit
from bot.decision import Ban
from bot.phrase import limit_of
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Chat, Member

ONLY_ADMINS = "Only admins of this chat, and operators of the bot, can do that."
NOBODY_MEANT = "It was not said who is meant."


@pytest.fixture
def group(lot: Lot) -> Chat:
    """In which Ann is an admin and Bob is not."""
    return lot.server.supergroup("Film club", lot.bob, admins=[lot.ann])


async def laid_down(lot: Lot, chat: Chat) -> list[Limit]:
    return [rule.limit for rule in await lot.stage.store.rulebook.decided(f"telegram:{chat.id}")]


async def banned(lot: Lot, chat: Chat, *people: Member) -> list[str]:
    """Why each of them may not order; empty for who may."""
    found = []
    for member in people:
        marks = await lot.stage.store.rulebook.marks_of(f"telegram:{member.id}", f"telegram:{chat.id}")
        found.append(next((mark.reason for _, mark in marks if isinstance(mark, Ban)), ""))
    return found


async def audit(lot: Lot, chat: Chat) -> list[str]:
    return [decision.what for decision in await lot.stage.store.rulebook.audited(f"telegram:{chat.id}", 10)]


def owned_by(lot: Lot, member: Member) -> None:
    terms = lot.stage.core.terms
    terms.rules = replace(terms.rules, owners=frozenset({f"telegram:{member.id}"}))


async def test_an_admin_of_a_group_rules_it(lot: Lot, group: Chat) -> None:
    answered = await lot.answer("/video_admin@rushes_bot limit everyone 5 videos a day", group)
    assert answered.text == "Done\nEveryone here: 5 videos a day, each for themselves."
    assert await laid_down(lot, group) == [limit_of("5 videos a day")]


async def test_a_member_does_not_and_is_told_once(lot: Lot, group: Chat) -> None:
    first = await lot.server.says(lot.bob, group, "/video_admin budget $9 a day")
    assert ONLY_ADMINS in (await lot.reply_to(first)).text
    second = await lot.server.says(lot.bob, group, "/video_admin budget none")
    await lot.until(lambda: second.reactions == ["🤷"])
    assert await laid_down(lot, group) == []


async def test_telegram_is_asked_once_in_a_while_about_whoever_tries(lot: Lot, group: Chat) -> None:
    for _ in range(5):
        await lot.server.says(lot.bob, group, "/video_admin rules")
    await lot.fence(group)
    assert len(lot.server.called("getChatMember")) == 1


async def test_whoever_is_no_admin_any_more_rules_for_half_a_minute_at_most(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin rules", group)
    lot.server.set_status(group, lot.ann, "member")
    lot.stage.clock.forward(30)
    assert ONLY_ADMINS in (await lot.answer("/video_admin budget none", group)).text


async def test_what_an_admin_says_in_one_group_holds_in_no_other(lot: Lot, group: Chat) -> None:
    other = lot.server.supergroup("Book club", lot.ann, admins=[lot.bob])
    assert ONLY_ADMINS in (await lot.answer("/video_admin budget none", other)).text
    await lot.answer("/video_admin pause because of lunch", group)
    await lot.order("/video a fox", other)


async def test_an_admin_without_a_name_rules_in_the_name_of_the_group(lot: Lot, group: Chat) -> None:
    group.anonymous.add(lot.ann.id)
    assert (await lot.answer("/video_admin budget $9 a day", group)).text.startswith("Done")
    [decision] = await lot.stage.store.rulebook.audited(f"telegram:{group.id}", 10)
    assert (decision.by, decision.name) == (f"telegram:{group.id}", "Film club")


async def test_whoever_speaks_in_the_name_of_a_channel_is_no_admin(lot: Lot, group: Chat) -> None:
    channel = {"sender_chat": {"id": -1003, "type": "channel", "title": "News"}}
    assert ONLY_ADMINS in (await lot.answer("/video_admin budget none", group, extra=channel)).text
    assert not lot.server.called("getChatMember")


async def test_another_bot_is_not_obeyed_even_as_an_admin(lot: Lot) -> None:
    lot.server.world.has_privacy = False
    robot = lot.server.member("Robot")
    robot.is_bot = True
    group = lot.server.supergroup("Film club", lot.ann, admins=[robot])
    await lot.server.says(robot, group, "/video_admin pause")
    await lot.fence(group)
    assert await audit(lot, group) == []


async def test_what_was_forwarded_is_not_obeyed(lot: Lot, group: Chat) -> None:
    theirs = {"forward_origin": {"type": "user", "date": 0, "sender_user": lot.bob.as_json()}}
    answered = await lot.answer("/video_admin limit everyone 99 videos a day", group, extra=theirs)
    assert "A command that was forwarded is not obeyed. " in answered.text.replace("\n", " ")
    assert await audit(lot, group) == []


async def test_a_correction_of_a_command_is_not_obeyed(lot: Lot, group: Chat) -> None:
    command = await lot.says("/video_admin budget $9 a day", group)
    await lot.reply_to(command)
    await lot.server.edits(command, "/video_admin budget $99 a day")
    order = await lot.says("/video", group)
    await lot.reply_to(order)
    await lot.server.edits(order, "/video_admin pause")
    await lot.fence(group)
    assert await audit(lot, group) == ["budget $9 a day"]


async def test_a_command_that_telegram_tells_twice_is_done_once(lot: Lot, group: Chat) -> None:
    owned_by(lot, lot.ann)
    gift = await lot.says("/video_admin grant 5 videos because of the contest", group, reply_to=await words(lot, group))
    await lot.reply_to(gift)
    lot.server.redeliver(gift.update_id)
    assert "This very message was obeyed before." in (await lot.reply_to(gift, 2)).text
    usage = await lot.reply_to(await lot.server.says(lot.bob, group, "/usage"))
    assert "Besides, 5 videos granted: the contest" in usage.text


@pytest.mark.parametrize("status", [429, 500, 502])
async def test_an_admin_whom_telegram_does_not_tell_of_is_asked_to_try_again(
    lot: Lot, group: Chat, status: int
) -> None:
    lot.server.fault("getChatMember", Fault(status=status, description="Error", retry_after=1))
    answered = await lot.answer("/video_admin budget none", group)
    assert answered.text.splitlines()[1:] == [
        "Telegram does not tell right now who is an admin here.",
        "Try again in a minute.",
    ]
    lot.stage.clock.forward(60)
    assert (await lot.answer("/video_admin budget none", group)).text.startswith("Done")


async def test_a_group_that_hides_its_members_still_has_admins(lot: Lot, group: Chat) -> None:
    group.hides_members = True
    assert (await lot.answer("/video_admin budget none", group)).text.startswith("Done")
    theirs = await lot.server.says(lot.bob, group, "/video_admin budget none")
    assert ONLY_ADMINS in (await lot.reply_to(theirs)).text


async def test_a_group_that_hides_everything_has_none_for_now(lot: Lot, group: Chat) -> None:
    group.hides_members = True
    lot.server.fault("getChatAdministrators", Fault(status=500, description="Internal Server Error"))
    assert "Telegram does not tell" in (await lot.answer("/video_admin budget none", group)).text


async def test_alone_with_the_bot_only_operators_rule(lot: Lot) -> None:
    assert "That is for the operators of this bot" in (await lot.answer("/video_admin budget $9 a day")).text
    owned_by(lot, lot.ann)
    lot.rest()
    assert (await lot.answer("/video_admin budget $9 a day")).text == "Done\nAll together everywhere: $9.00 a day."
    lot.rest()
    assert "not said of which chat the admins are meant" in (await lot.answer("/video_admin tier crew admins")).text
    assert not lot.server.called("getChatMember")


async def words(lot: Lot, group: Chat, by: Member | None = None) -> Message:
    """Of somebody, Bob if not said otherwise."""
    lot.server.world.has_privacy = False
    return await lot.server.says(by or lot.bob, group, "lovely weather")


async def test_whoever_is_answered_is_meant(lot: Lot, group: Chat) -> None:
    answered = await lot.answer("/video_admin ban for 2 days because of spam", group, reply_to=await words(lot, group))
    assert answered.text.splitlines()[1] == "Bob may not order here: spam."
    order = await lot.server.says(lot.bob, group, "/video a fox")
    assert "You may not order here: spam." in (await lot.reply_to(order)).text
    assert await audit(lot, group) == [f"ban for 2 days because of spam (Bob, telegram:{lot.bob.id})"]


async def test_a_channel_that_is_answered_is_meant(lot: Lot, group: Chat) -> None:
    channel = {"sender_chat": {"id": -1003, "type": "channel", "title": "News"}}
    lot.server.world.has_privacy = False
    post = await lot.server.says(lot.bob, group, "news", extra=channel)
    assert "News may not order here" in (await lot.answer("/video_admin ban", group, reply_to=post)).text


@pytest.mark.parametrize("extra", [{"is_automatic_forward": True, "sender_chat": {"id": -7, "type": "channel"}}, {}])
async def test_what_answers_nobody_means_nobody(lot: Lot, extra: dict[str, object]) -> None:
    """Below the post of a channel, and in a topic, everything answers what it stands below."""
    group = lot.server.supergroup("Film club", lot.bob, admins=[lot.ann], is_forum=True)
    lot.server.world.has_privacy = False
    topic = lot.server.topic(group, "Foxes")
    post = await lot.server.says(lot.bob, group, "a post", extra=extra) if extra else None
    asked = {"reply_to": post} if post else {"thread": topic.id}
    assert NOBODY_MEANT in (await lot.answer("/video_admin ban", group, **asked)).text


async def test_in_a_topic_whoever_is_answered_is_meant_all_the_same(lot: Lot) -> None:
    group = lot.server.supergroup("Film club", lot.bob, admins=[lot.ann], is_forum=True)
    lot.server.world.has_privacy = False
    topic = lot.server.topic(group, "Foxes")
    said = await lot.server.says(lot.bob, group, "lovely weather", thread=topic.id)
    assert "Bob may not" in (await lot.answer("/video_admin ban", group, thread=topic.id, reply_to=said)).text


async def test_a_status_that_is_answered_means_whoever_ordered(lot: Lot, group: Chat) -> None:
    filming = await lot.order("/video a fox", group, lot.bob)
    assert "Bob may not" in (await lot.answer("/video_admin ban", group, reply_to=filming.status)).text
    lot.rest()
    clip = await filming.clip()
    assert "Bob may order again here." in (await lot.answer("/video_admin unban", group, reply_to=clip)).text


async def test_a_request_that_is_answered_means_whoever_asks(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin access request", group)
    request = await lot.reply_to(await lot.server.says(lot.bob, group, "/video a fox"))
    assert "Bob may not" in (await lot.answer("/video_admin ban", group, reply_to=request)).text


async def test_any_other_message_of_the_bot_means_nobody(lot: Lot, group: Chat) -> None:
    form = await lot.reply_to(await lot.server.says(lot.bob, group, "/video"))
    assert NOBODY_MEANT in (await lot.answer("/video_admin ban", group, reply_to=form)).text
    help_of_bob = await lot.reply_to(await lot.server.says(lot.bob, group, "/privacy"))
    assert NOBODY_MEANT in (await lot.answer("/video_admin ban", group, reply_to=help_of_bob)).text


async def test_whoever_is_mentioned_without_a_name_of_their_own_is_meant(lot: Lot, group: Chat) -> None:
    zoe = lot.server.member("Zoë 🦊")
    for said, told in (
        ("limit Zoë 🦊 3 videos a day, $2 a week", "Zoë 🦊 here: 3 videos a day, $2.00 a week."),
        ("tier crew Zoë 🦊", "Zoë 🦊 is in tier crew here."),
        ("ban Zoë 🦊 for 1 hour because of spam", "Zoë 🦊 may not order here: spam."),
    ):
        answered = await lot.answer(f"/video_admin {said}", group, mentions={"Zoë 🦊": zoe})
        assert told in answered.text
        lot.rest()
    assert await banned(lot, group, zoe) == ["spam"]
    assert (await audit(lot, group))[0] == f"ban Zoë 🦊 (telegram:{zoe.id}) for 1 hour because of spam"


async def test_a_mention_below_a_picture_counts_as_well(lot: Lot, group: Chat, jpeg: bytes) -> None:
    zoe = lot.server.member("Zoe")
    await lot.answer("/video_admin ban Zoe", group, mentions={"Zoe": zoe}, photo=jpeg)
    assert await banned(lot, group, zoe) == ["an admin decided so"]


@pytest.mark.parametrize("said", ["ban because of a quarrel with Zoe", "ban rude to Zoe"])
async def test_a_reason_may_name_somebody_else(lot: Lot, group: Chat, said: str) -> None:
    zoe = lot.server.member("Zoe")
    await lot.answer(f"/video_admin {said}", group, mentions={"Zoe": zoe}, reply_to=await words(lot, group))
    reason = said.removeprefix("ban ").removeprefix("because of ")
    assert await banned(lot, group, zoe, lot.bob) == ["", reason]


async def test_somebody_is_called_by_their_name_and_not_by_one_that_they_had(lot: Lot, group: Chat) -> None:
    lot.bob.username = "fox"
    await lot.order("/video a fox", group, lot.bob)
    lot.bob.username = None
    zoe = lot.server.member("Zoe", username="fox")
    group.statuses[zoe.id] = "member"
    await lot.order("/video a wolf", group, zoe)
    lot.rest()
    await lot.answer("/video_admin ban @Fox", group)
    assert await banned(lot, group, zoe, lot.bob) == ["an admin decided so", ""]


async def test_an_operator_passes_on_a_message_to_say_who_is_meant(lot: Lot, group: Chat) -> None:
    owned_by(lot, lot.ann)
    origin = {"type": "user", "date": 0, "sender_user": lot.bob.as_json()}
    passed_on = await lot.says("buy my coins", extra={"forward_origin": origin})
    await lot.answer("/video_admin ban because of spam", reply_to=passed_on)
    assert await banned(lot, group, lot.bob, lot.ann) == ["spam", ""]
    lot.rest()
    hidden = {"type": "hidden_user", "date": 0, "sender_user_name": "Bob"}
    unknown = await lot.says("buy my coins", extra={"forward_origin": hidden})
    assert NOBODY_MEANT in (await lot.answer("/video_admin ban", reply_to=unknown)).text


async def test_what_can_be_typed_is_copied_with_a_tap(lot: Lot, group: Chat) -> None:
    answered = await lot.answer("/video_admin help", group)
    assert answered.text.startswith("For admins\n")
    kinds = [entity["type"] for entity in answered.now.entities]
    assert kinds[0] == "bold"
    assert kinds.count("code") == answered.text.count("/video_admin") > 20
    assert len(answered.text) < 2000
