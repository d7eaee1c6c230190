"""Who is let in, into a chat and by whom, and where the bot stays."""

from dataclasses import replace

import pytest

from bot.access import Access, Door
from bot.card import Card, Choice, RequestCard, Verb
from bot.phrase import limit_of
from bot.rules import Rule, Scope, indexed
from bot.trouble import NotNow, Trouble
from tests.adapters.telegram.lot import Filming, Lot
from tests.telegram_api.faults import Fault
from tests.telegram_api.messages import Answer, Message
from tests.telegram_api.people import Chat, Member

ONLY_ADMINS = "For admins: Only admins of this chat answer this."


@pytest.fixture
def group(lot: Lot) -> Chat:
    """In which Ann is an admin and Bob is not."""
    return lot.server.supergroup("Film club", lot.bob, admins=[lot.ann])


@pytest.fixture
async def request_(lot: Lot, group: Chat) -> Message:
    """Bob's, to be let in."""
    await lot.answer("/video_admin access request", group)
    await lot.answer("/video_admin tier crew 3 videos a day", group)
    return await lot.reply_to(await lot.server.says(lot.bob, group, "/video a red fox"))


async def answers(lot: Lot, request: Message, label: str, by: Member) -> Answer:
    press = await lot.server.presses(by, request, request.button(label).data or "")
    await lot.until(lambda: press.answer)
    assert press.answer is not None
    return press.answer


async def filmed_for_bob(lot: Lot, request: Message) -> Filming:
    assert request.reply_to is not None
    command = request.reply_to
    job = await lot.stage.store.ordered_with("telegram", f"{command.chat.id}/{command.id}")
    assert job is not None
    return Filming(lot, command, request, job)


def laid_down(lot: Lot, **access: object) -> None:
    terms = lot.stage.core.terms
    terms.rules = replace(terms.rules, access=Access(**access))  # type: ignore[arg-type] # its fields


def owned_by(lot: Lot, member: Member) -> None:
    terms = lot.stage.core.terms
    terms.rules = replace(terms.rules, owners=frozenset({f"telegram:{member.id}"}))


async def test_a_request_shows_the_order_and_how_it_can_be_answered(request_: Message) -> None:
    assert request_.text.splitlines() == [
        "Bob would like to order here",
        "“a red fox”",
        "Admins answer with a button. Nothing is filmed or charged before.",
    ]
    assert [button.text for button in request_.buttons] == ["Approve", "Deny", "Tier crew"]


async def test_an_admin_lets_somebody_in_and_the_order_is_filmed(lot: Lot, request_: Message) -> None:
    lot.rest()
    assert (await answers(lot, request_, "Approve", lot.ann)).text == "Bob was let in by Ann"
    await lot.until(lambda: "The order is on its way." in request_.text)
    assert not request_.buttons
    filming = await filmed_for_bob(lot, request_)
    await filming.finish()
    [clip] = await lot.until(lambda: [reply for reply in lot.replies_to(filming.command) if reply.media])
    assert clip.caption.startswith("a red fox")


async def test_a_member_cannot_let_anybody_in(lot: Lot, request_: Message) -> None:
    answer = await answers(lot, request_, "Approve", lot.bob)
    assert answer.text.startswith(ONLY_ADMINS)
    assert answer.show_alert
    assert request_.buttons
    assert not await lot.jobs(request_.chat)


async def test_of_two_answers_the_first_counts(lot: Lot, group: Chat, request_: Message) -> None:
    eve = lot.server.member("Eve")
    lot.server.set_status(group, eve, "administrator")
    first = await lot.server.presses(lot.ann, request_, request_.button("Deny").data or "")
    second = await lot.server.presses(eve, request_, request_.button("Tier crew").data or "")
    told = await lot.until(lambda: [p.answer for p in (first, second) if p.answer and p.answer.show_alert])
    winner = "Ann" if second.answer is told[0] else "Eve"
    assert told[0] is not None
    assert told[0].text.startswith("Already answered: Bob was ")
    assert f" by {winner}. " in told[0].text
    await lot.until(lambda: not request_.buttons)
    jobs = await lot.jobs(group)
    assert len(jobs) == (winner == "Eve")


async def test_an_answer_that_telegram_tells_twice_counts_once(lot: Lot, group: Chat, request_: Message) -> None:
    press = await lot.server.presses(lot.ann, request_, request_.button("Approve").data or "")
    await lot.until(lambda: press.answer)
    lot.server.redeliver(press.update_id)
    await lot.fence(group)
    assert len(await lot.jobs(group)) == 1


async def test_an_admin_without_a_name_stays_unnamed(lot: Lot, group: Chat, request_: Message) -> None:
    group.anonymous.add(lot.ann.id)
    lot.rest()
    assert (await answers(lot, request_, "Deny", lot.ann)).text == "Bob was not let in by Film club"
    await lot.until(lambda: "Film club" in request_.text)
    assert "Ann" not in request_.text
    key = f"telegram:{lot.bob.id}"
    assert request_.text.splitlines()[-1] == f"/video_admin allow {key} — lets them in after all"


async def test_who_cannot_be_known_as_an_admin_may_try_again(lot: Lot, request_: Message) -> None:
    lot.stage.clock.forward(60)
    lot.server.fault("getChatMember", Fault(status=500, description="Internal Server Error"))
    answer = await answers(lot, request_, "Approve", lot.ann)
    assert answer.text.startswith("Just a moment: Telegram does not tell right now who is an admin here.")
    lot.stage.clock.forward(60)
    assert (await answers(lot, request_, "Approve", lot.ann)).text == "Bob was let in by Ann"


async def test_a_form_becomes_the_request_and_is_filmed_as_it_stood_there(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin access request", group)
    asked = await lot.server.says(lot.bob, group, "/video")
    form = await lot.reply_to(asked)
    lot.rest()
    await lot.presses(form, "--ar 9:16", lot.bob)
    with_words = await lot.reply_to(await lot.server.says(lot.bob, group, "a red fox", reply_to=form))
    lot.rest()
    pressed = [await lot.press(with_words, "film", lot.bob) for _ in range(2)]
    await lot.until(lambda: all(press.answer for press in pressed))
    await lot.until(lambda: with_words.text.startswith("Bob would like to order here"))
    assert (await answers(lot, with_words, "Approve", lot.ann)).text == "Bob was let in by Ann"
    [job] = await lot.jobs(group)
    assert (job.identity.name, job.request.prompt, job.request.ratio) == ("Bob", "a red fox", "9:16")


async def test_an_admin_films_with_a_form_without_asking(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin access listed", group)
    form = await lot.answer("/video", group)
    lot.rest()
    words = await lot.answer("a red fox", group, reply_to=form)
    assert (await lot.presses(words, "film")).text == "Waiting"


async def test_a_correction_of_what_is_asked_for_counts(lot: Lot, group: Chat, request_: Message) -> None:
    assert request_.reply_to is not None
    lot.rest()
    await lot.server.edits(request_.reply_to, "/video a blue fox")
    corrected = await lot.reply_to(request_.reply_to, 2)
    assert "“a blue fox”" in corrected.text
    await answers(lot, corrected, "Approve", lot.ann)
    [job] = await lot.jobs(group)
    assert job.request.prompt == "a blue fox"


async def test_who_may_not_order_anew_may_not_by_button_either(lot: Lot, group: Chat) -> None:
    filming = await lot.order("/video a fox", group, lot.bob)
    clip = await filming.clip()
    await lot.answer("/video_admin access listed", group)
    lot.rest()
    assert "Only those may order here" in (await lot.presses(clip, Verb.AGAIN, lot.bob)).text
    assert (await lot.presses(clip, Verb.AGAIN)).text == "Waiting"


async def test_an_operator_is_asked_in_private_and_answers_there(lot: Lot, group: Chat) -> None:
    owned_by(lot, lot.ann)
    laid_down(lot, door=Door.REQUEST)
    command = await lot.server.says(lot.bob, group, "/video a fox")
    assert (await lot.reply_to(command)).text.startswith("The operators were asked")
    [card] = [card for card in lot.stage.operators.cards if isinstance(card, RequestCard)]
    home = lot.home
    await lot.telegram.tell(str(lot.ann.id), card)
    [request] = await lot.until(lambda: lot.server.replies(home))
    assert request.text.splitlines()[:3] == [
        "Bob would like to order",
        "“a fox”",
        f"telegram:{lot.bob.id}, in telegram:{group.id}.",
    ]
    assert (await answers(lot, request, "Approve", lot.ann)).text == "Bob was let in by Ann"
    [job] = await lot.jobs(group)
    assert job.identity.name == "Bob"


async def test_an_operator_who_blocked_the_bot_is_not_told(lot: Lot) -> None:
    lot.server.block(lot.ann)
    with pytest.raises(Trouble, match="blocked"):
        await lot.telegram.tell(str(lot.ann.id), Card(title="News"))


async def test_an_operator_is_not_told_before_there_is_a_connection(closed: Lot) -> None:
    with pytest.raises(NotNow):
        await closed.chat().tell(str(closed.ann.id), Card(title="News"))


async def test_an_answer_that_no_button_can_hold_is_left_out(lot: Lot) -> None:
    card = RequestCard(
        title="Ann would like to order",
        request="0123456789abcdef",
        choices=(Choice("Approve", "approve"), Choice("Tier long", f"tier {'ü' * 20}")),
    )
    home = lot.home
    await lot.telegram.tell(str(lot.ann.id), card)
    [request] = await lot.until(lambda: lot.server.replies(home))
    assert [button.text for button in request.buttons] == ["Approve"]


async def test_the_admins_of_another_group_are_a_tier(lot: Lot, group: Chat) -> None:
    patrons = lot.server.supergroup("Patrons", admins=[lot.bob])
    terms = lot.stage.core.terms
    file = [Rule(scope=Scope.TIER, subject="gold", limit=limit_of("9 videos a day"))]
    gold = {"gold": (f"telegram:admins:{patrons.id}", "discord:role:1")}
    terms.rules = replace(terms.rules, limits=indexed(file), members=gold)
    usage = await lot.reply_to(await lot.server.says(lot.bob, group, "/usage"))
    assert "0 of 9 videos" in usage.text
    assert "videos used" not in (await lot.answer("/usage", group)).text
    lot.server.kick(patrons)
    lot.stage.clock.forward(300)
    usage = await lot.reply_to(await lot.server.says(lot.bob, group, "/usage"))
    assert "0 of 9 videos" not in usage.text


async def test_members_are_a_tier_as_long_as_they_stay(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin limit everyone 1 video a day", group)
    await lot.answer("/video_admin tier crew 9 videos a day members", group)
    usage = await lot.reply_to(await lot.server.says(lot.bob, group, "/usage"))
    assert "0 of 9 videos" in usage.text
    before = len(lot.server.called("getChatMember"))
    await lot.reply_to(await lot.server.says(lot.bob, group, "/usage"))
    assert len(lot.server.called("getChatMember")) == before


async def test_of_what_groups_decide_of_their_members_nothing_is_asked_for_orders_elsewhere(
    lot: Lot, group: Chat
) -> None:
    await lot.answer("/video_admin tier crew 9 videos a day members", group)
    others = lot.server.group("Others", lot.bob)
    before = len(lot.server.called("getChatMember"))
    await lot.reply_to(await lot.server.says(lot.bob, others, "/usage"))
    assert len(lot.server.called("getChatMember")) == before


async def test_an_admin_without_a_name_is_one_of_the_admins(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin tier crew 9 videos a day admins", group)
    group.anonymous.add(lot.ann.id)
    assert "0 of 9 videos" in (await lot.answer("/usage", group)).text
    channel = {"sender_chat": {"id": -1003, "type": "channel", "title": "News"}}
    lot.rest()
    assert "videos used" not in (await lot.answer("/usage", group, extra=channel)).text


@pytest.mark.parametrize("status", [429, 500])
async def test_nobody_loses_their_tier_because_telegram_is_silent(lot: Lot, group: Chat, status: int) -> None:
    await lot.answer("/video_admin tier crew 9 videos a day admins", group)
    await lot.order("/video a fox", group)
    lot.stage.clock.forward(600)
    lot.server.fault("getChatMember", Fault(status=status, description="Error", retry_after=1))
    assert "1 of 9 videos" in (await lot.answer("/usage", group)).text


async def test_a_closed_door_stays_closed_while_telegram_does_not_tell_who_is_an_admin(lot: Lot, group: Chat) -> None:
    await lot.answer("/video_admin access listed", group)
    lot.stage.clock.forward(60)
    lot.server.fault("getChatMember", Fault(status=500, description="Internal Server Error"))
    assert "Only those may order here" in (await lot.answer("/video a fox", group)).text
    lot.stage.clock.forward(60)
    await lot.order("/video a fox", group)


@pytest.fixture
def listed(lot: Lot, group: Chat) -> Chat:
    """Only the film club may use the bot, which goes from any other."""
    laid_down(lot, chats=frozenset({f"telegram:{group.id}"}), leaves=True)
    return group


async def test_the_bot_leaves_a_chat_in_which_it_may_not_be(lot: Lot, listed: Chat) -> None:
    other = lot.server.supergroup("Strangers", lot.bob)
    lot.server.set_status(other, lot.server.bot, "left")
    lot.server.invite(other, by=lot.bob)
    await lot.until(lambda: not other.has(lot.server.bot))
    await lot.order("/video a fox", listed)


async def test_the_bot_stays_where_an_operator_adds_it(lot: Lot, listed: Chat) -> None:
    owned_by(lot, lot.ann)
    laid_down(lot, chats=frozenset({f"telegram:{listed.id}"}), leaves=True)
    other = lot.server.supergroup("Friends", lot.ann, lot.bob)
    lot.server.set_status(other, lot.server.bot, "left")
    lot.server.invite(other, by=lot.ann)
    await lot.fence(other)
    await lot.order("/video a fox", other, lot.bob)


async def test_the_bot_says_why_before_it_leaves(lot: Lot, listed: Chat) -> None:
    other = lot.server.supergroup("Strangers", lot.bob)
    refused = await lot.reply_to(await lot.server.says(lot.bob, other, "/video a fox"))
    assert "This bot may not be used here." in refused.text
    await lot.until(lambda: not other.has(lot.server.bot))
    assert listed.has(lot.server.bot)


async def test_the_bot_leaves_also_where_it_may_say_nothing(lot: Lot, listed: Chat) -> None:
    other = lot.server.supergroup("Strangers", lot.bob)
    fault = Fault(status=400, description="Bad Request: have no rights to send a message")
    lot.server.fault("sendMessage", fault, chat_id=other.id)
    await lot.server.says(lot.bob, other, "/video a fox")
    await lot.until(lambda: not other.has(lot.server.bot))
    assert listed.has(lot.server.bot)


async def test_the_bot_stays_in_a_chat_that_it_may_not_be_used_in_if_it_need_not_leave(lot: Lot, group: Chat) -> None:
    laid_down(lot, chats=frozenset({f"telegram:{group.id}"}))
    other = lot.server.supergroup("Strangers", lot.bob)
    refused = await lot.reply_to(await lot.server.says(lot.bob, other, "/video a fox"))
    assert "This bot may not be used here." in refused.text
    lot.server.set_status(other, lot.server.bot, "administrator")
    await lot.fence(group)
    assert other.has(lot.server.bot)


async def test_a_known_person_is_served_alone_where_chats_are_listed(lot: Lot, listed: Chat) -> None:
    people = frozenset({f"telegram:{lot.bob.id}"})
    laid_down(lot, chats=frozenset({f"telegram:{listed.id}"}), people=people, leaves=True)
    home = lot.server.private(lot.bob)
    form = await lot.reply_to(await lot.server.says(lot.bob, home, "a fox"))
    assert (await lot.presses(form, "film", lot.bob)).text == "Waiting"
    refused = await lot.answer("/video a fox")
    assert "This bot may not be used here." in refused.text


async def test_what_was_decided_goes_along_when_a_group_moves(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.bob, admins=[lot.ann])
    for said in ("budget 1 video a day", "tier crew 1 video a day admins", "access request"):
        await lot.answer(f"/video_admin {said}", group)
        lot.rest()
    request = await lot.reply_to(await lot.server.says(lot.bob, group, "/video a fox"))
    there = lot.server.migrate(group)
    lot.rest()
    rules = await lot.answer("/video_admin rules", there)
    assert "All together: 1 video a day." in rules.text
    waiting = await lot.answer("/video_admin requests", there)
    assert waiting.text == request.text
    await answers(lot, waiting, "Approve", lot.ann)
    [job] = await lot.jobs(there)
    assert job.identity.name == "Bob"
    lot.rest()
    assert "1 of 1 video" in (await lot.answer("/video a wolf", there)).text


async def test_a_move_that_the_bot_finds_out_by_itself_counts_as_well(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.bob, admins=[lot.ann])
    await lot.answer("/video_admin budget 1 video a day", group)
    filming = await lot.order("/video a fox", group)
    there = lot.server.migrate(group)
    lot.server.world.updates.drop()
    lot.rest()
    await filming.finish()
    await lot.until(lambda: lot.server.replies(there))
    lot.rest()
    assert "1 of 1 video" in (await lot.answer("/video a wolf", there)).text
