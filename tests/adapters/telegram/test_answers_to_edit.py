"""What is said to the draft that *Edit* gives."""

from bot.card import Verb
from tests.adapters.telegram.lot import Lot
from tests.telegram_api.messages import Message
from tests.telegram_api.people import Chat


async def asked(lot: Lot, text: str = "/video a fox", chat: Chat | None = None) -> Message:
    """The draft of a clip that was filmed."""
    clip = await (await lot.order(text, chat)).clip()
    lot.rest()
    await lot.presses(clip, Verb.EDIT)
    draft = await lot.reply_to(clip)
    lot.rest()
    return draft


async def prompts(lot: Lot, chat: Chat | None = None) -> list[str]:
    return [job.request.prompt for job in await lot.jobs(chat)]


async def test_the_price_alone_films_nothing(lot: Lot) -> None:
    draft = await asked(lot)
    said = await lot.says("--dur 8 --cost", reply_to=draft)
    assert "$0.40" in (await lot.reply_to(said)).text
    assert await prompts(lot) == ["a fox"]


async def test_a_picture_opens_a_form_and_films_nothing(lot: Lot, jpeg: bytes) -> None:
    draft = await asked(lot)
    said = await lot.says("animate this", reply_to=draft, photo=jpeg)
    form = await lot.reply_to(said)
    assert "Pictures are not filmed" in form.text
    assert await prompts(lot) == ["a fox"]


async def test_what_a_bystander_says_opens_a_form_and_films_nothing(lot: Lot) -> None:
    club = lot.server.supergroup("Club", lot.ann, lot.bob)
    draft = await asked(lot, chat=club)
    said = await lot.server.says(lot.bob, club, "haha nice one", reply_to=draft)
    assert (await lot.reply_to(said)).text.startswith("Film this?")
    assert await prompts(lot, club) == ["a fox"]


async def test_an_answer_that_is_edited_while_it_waits_changes_the_order(lot: Lot) -> None:
    draft = await asked(lot)
    said = await lot.says("a wolf", reply_to=draft)
    await lot.filming(said, f"{said.chat.id}/{said.id}")
    lot.rest()
    await lot.server.edits(said, "a bear")
    await lot.fence()
    assert await prompts(lot) == ["a fox", "a bear"]


async def test_a_command_that_no_message_can_hold_is_not_cut(lot: Lot) -> None:
    text = f"/video --no {('dog ' * 450).strip()} -- {('fox ' * 480).strip()}"
    clip = await (await lot.order(text)).clip()
    lot.rest()
    answer = await lot.presses(clip, Verb.EDIT)
    assert answer.show_alert
    assert "too long" in answer.text


async def test_a_form_that_no_message_can_hold_is_not_cut(lot: Lot) -> None:
    said = await lot.says(f"{('fox ' * 480).strip()} --no {('dog ' * 450).strip()}")
    assert (await lot.reply_to(said)).text.startswith("⚠️ Too long for this")
    assert await prompts(lot) == []
