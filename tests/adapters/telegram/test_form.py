"""`/video` alone: a command that is put together by pressing."""

import pytest

from bot.job import Phase
from tests.adapters.telegram.lot import Filming, Lot
from tests.telegram_api.messages import Message

NOT_YOURS = "Not yours: Only Ann can do that. Ask them, or order your own with /video."


@pytest.fixture
async def form(lot: Lot) -> Message:
    """Without words yet."""
    return await lot.answer("/video")


async def filmed(lot: Lot, form: Message) -> Filming:
    """The job that a form has become."""
    lot.rest()
    await lot.until(lambda: "ordered" in form.text)
    assert form.reply_to is not None
    job = await lot.stage.store.ordered_with("telegram", f"{form.chat.id}/{form.id}")
    assert job is not None
    return Filming(lot, form.reply_to, form, job)


async def test_a_command_without_words_opens_a_form_with_the_price(form: Message) -> None:
    assert form.text.splitlines() == [
        "What shall be filmed?",
        "",
        "/video",
        "",
        "16:9, 720p, 5 s: $0.20 at fal.",
        "Reply to this message with what to film.",
    ]
    assert [button.text for button in form.buttons[:5]] == ["● 16:9", "9:16", "1:1", "4:3", "3:4"]
    assert [button.text for button in form.buttons[-2:]] == ["🎬 Film it", "✖️ Close"]


async def test_picking_changes_the_command_and_the_price(lot: Lot, form: Message) -> None:
    told = await lot.presses(form, "--dur 8")
    await lot.until(lambda: "--dur 8" in form.text)
    assert told.text in form.text
    assert "$0.20" not in form.text
    assert form.button("8 s").text == "● 8 s"


async def test_what_was_picked_before_is_kept(lot: Lot, form: Message) -> None:
    await lot.presses(form, "--ar 1:1")
    await lot.until(lambda: "--ar 1:1" in form.text)
    await lot.presses(form, "--res 360p")
    await lot.until(lambda: "--ar 1:1 --res 360p" in form.text)


async def test_picking_what_is_chosen_already_changes_nothing(lot: Lot, form: Message) -> None:
    await lot.presses(form, "--ar 1:1")
    await lot.until(lambda: "--ar 1:1" in form.text)
    assert "1:1, 720p" in (await lot.presses(form, "--ar 1:1")).text
    await lot.fence()
    assert len(form.versions) == 2


async def test_who_picks_too_fast_is_told_that_the_form_did_not_change(lot: Lot, form: Message) -> None:
    answers = [await lot.presses(form, f"--dur {seconds}") for seconds in (8, 5, 8, 5, 8)]
    missed = [answer for answer in answers if answer.show_alert]
    assert len(form.versions) == 1 + len(answers) - len(missed)
    assert {answer.text.partition(".")[0] for answer in missed} == {
        "Just a moment: Telegram takes no more for this chat right now"
    }


async def test_nothing_is_filmed_without_words(lot: Lot, form: Message) -> None:
    answer = await lot.presses(form, "film")
    assert answer.show_alert
    assert "Reply to this message with what to film." in answer.text
    assert not await lot.jobs()


async def test_a_reply_with_words_makes_a_form_with_them(lot: Lot, form: Message) -> None:
    await lot.presses(form, "--ar 9:16")
    await lot.until(lambda: "--ar 9:16" in form.text)
    other = await lot.answer("a red fox", reply_to=form)
    assert "/video a red fox --ar 9:16" in other.text
    await lot.until(lambda: form.is_deleted)
    assert not await lot.jobs()


async def test_somebody_else_s_words_for_a_form_in_a_group_leave_it_as_it_is(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    form = await lot.answer("/video", group)
    theirs = await lot.reply_to(await lot.server.says(lot.bob, group, "a blue fox", reply_to=form))
    await lot.presses(theirs, "film", lot.bob)
    assert (await filmed(lot, theirs)).job.identity.name == "Bob"
    assert not form.is_deleted
    assert form.text.startswith("What shall be filmed?")


async def test_a_form_films_once_however_often_it_is_pressed(lot: Lot, form: Message) -> None:
    words = await lot.answer("a red fox", reply_to=form)
    presses = [await lot.press(words, "film") for _ in range(3)]
    await lot.until(lambda: all(press.answer for press in presses))
    lot.server.redeliver(presses[0].update_id)
    await filmed(lot, words)
    await lot.fence()
    assert len(await lot.jobs()) == 1


async def test_the_form_becomes_the_message_that_shows_how_it_goes_on(lot: Lot, form: Message) -> None:
    words = await lot.answer("a red fox", reply_to=form)
    assert (await lot.presses(words, "film")).text == "Waiting"
    filming = await filmed(lot, words)
    assert [button.text for button in words.buttons] == ["✖️ Cancel"]
    clip = await filming.clip()
    assert words.is_deleted
    assert clip.reply_to is words.reply_to


async def test_a_form_that_was_filmed_is_no_form_any_more(lot: Lot, form: Message) -> None:
    words = await lot.answer("a red fox", reply_to=form)
    await lot.presses(words, "film")
    filming = await filmed(lot, words)
    press = await lot.server.presses(lot.ann, words, "form:film")
    await lot.until(lambda: press.answer)
    assert press.answer is not None
    assert press.answer.text == "No longer valid: This form no longer holds a command. Send /video for a new one."
    assert (await filming.until(Phase.RENDERING)).request.prompt == "a red fox"


async def test_others_cannot_press_a_form(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    form = await lot.answer("/video", group)
    for word in ("--ar 1:1", "film", "close"):
        answer = await lot.presses(form, word, lot.bob)
        assert (answer.text, answer.show_alert) == (
            NOT_YOURS,
            True,
        )
    await lot.fence(group)
    assert len(form.versions) == 1
    assert not form.is_deleted


async def test_an_admin_of_the_group_may_press_the_form_of_one_who_is_anonymous(lot: Lot) -> None:
    group = lot.server.supergroup("Film club", lot.bob, admins=[lot.ann])
    speaks_as_group = {"sender_chat": group.as_json()}
    form = await lot.answer("/video", group, extra=speaks_as_group)
    assert (await lot.presses(form, "--ar 1:1", lot.bob)).show_alert
    assert "1:1" in (await lot.presses(form, "--ar 1:1")).text


async def test_a_form_whose_command_was_taken_away_belongs_to_whoever_presses(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann, lot.bob)
    words = await lot.server.says(lot.bob, group, "a fox")
    command = await lot.says("/video", group, reply_to=words)
    form = await lot.reply_to(command)
    form.reply_to = None
    await lot.presses(form, "film", lot.bob)
    await lot.until(lambda: "ordered" in form.text)
    (job,) = await lot.jobs(group)
    assert (job.identity.name, job.place.reply_to) == ("Bob", None)


async def test_a_form_can_be_closed(lot: Lot, form: Message) -> None:
    assert not (await lot.presses(form, "close")).text
    await lot.until(lambda: form.is_deleted)


async def test_free_words_in_private_open_a_form_and_order_nothing(lot: Lot) -> None:
    form = await lot.answer("a red fox --dur 8")
    assert "/video a red fox --dur 8" in form.text
    assert form.reply_to is not None
    assert not form.reply_to.reactions
    assert not await lot.jobs()


async def test_free_words_in_a_group_are_none_of_our_business(lot: Lot) -> None:
    lot.server.world.has_privacy = False
    group = lot.server.group("Film club", lot.ann)
    await lot.says("a red fox", group)
    await lot.fence(group)
    assert len(lot.server.replies(group)) == 1


async def test_words_that_make_no_sense_in_a_form_are_refused(lot: Lot) -> None:
    refused = await lot.answer("a fox --ar 7:5")
    assert refused.text.startswith("⚠️")
    assert not refused.buttons


async def test_a_form_works_after_a_restart(lot: Lot, form: Message) -> None:
    words = await lot.answer("a red fox", reply_to=form)
    await lot.restart()
    await lot.presses(words, "--dur 8")
    await lot.until(lambda: "--dur 8" in words.text)
    await lot.restart()
    await lot.presses(words, "film")
    assert (await filmed(lot, words)).job.request.seconds == 8


async def test_options_without_words_open_a_form_with_them(lot: Lot) -> None:
    answer = await lot.answer("/video --ar 9:16")
    assert answer.text.startswith("What shall be filmed?\n\n/video --ar 9:16\n")
    assert answer.button("9:16").text == "● 9:16"
