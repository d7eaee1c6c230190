"""What people in Telegram can do with what is kept about them."""

from bot.card import Order, Verb
from bot.job import Identity, Place
from tests.adapters.telegram.lot import Lot
from tests.stage import CLIP

ELSEWHERE = Identity(platform="discord", user="8001", name="ann#1")
SERVER = Place(platform="discord", chat="9001", thread="9002")


def kept(lot: Lot) -> bytes:
    """Whatever stands in the files of the database."""
    return b"".join(file.read_bytes() for file in lot.stage.database.parent.glob("rushes.db*"))


async def told(lot: Lot, text: str) -> str:
    """What Ann reads when she says this at home, however much was said before."""
    lot.rest()
    return (await lot.answer(text)).text


async def elsewhere(lot: Lot, text: str) -> str:
    """What somebody is told first on another platform."""
    said = Order(identity=ELSEWHERE, place=SERVER, event=text, text=text, is_private=True)
    return (await lot.stage.studio.say(said)).lines[0]


async def test_whoever_wants_to_be_forgotten_reads_what_that_means_and_then_is(lot: Lot) -> None:
    filming = await lot.order("/video a fuchsia fox")
    assert "Something of yours is still under way." in await told(lot, "/forget me")
    await filming.clip()
    await lot.noted(filming.job, lambda job: job.told)
    assert (await told(lot, "/forget")).startswith("Shall I forget you?\nErased, for all your linked accounts")
    traces = (b"fuchsia", str(lot.ann.id).encode(), b"Ann")
    assert all(trace in kept(lot) for trace in traces)
    assert (await told(lot, "/forget me")).startswith("Forgotten\n")
    await lot.stage.core.sweeper.sweep()
    assert [trace for trace in traces if trace in kept(lot)] == []
    assert await told(lot, "/history") == "Your latest orders\nNone yet."


async def test_what_was_ordered_with_a_form_or_a_button_is_forgotten_as_well(lot: Lot) -> None:
    form = await lot.answer("a fuchsia fox")
    await lot.presses(form, "film")
    [first] = await lot.jobs()
    await lot.stage.finish(first.id)
    [clip] = await lot.until(lambda: [reply for reply in lot.server.replies(lot.home) if reply.media])
    await lot.presses(clip, Verb.AGAIN)
    [_, second] = await lot.jobs()
    await lot.stage.finish(second.id)
    for job in (first, second):
        await lot.noted(job, lambda job: job.told)
    await told(lot, "/forget me")
    await lot.stage.core.sweeper.sweep()
    assert str(lot.ann.id).encode() not in kept(lot)


async def test_the_clip_of_somebody_who_was_forgotten_stays_in_the_group_with_buttons_that_do_nothing(lot: Lot) -> None:
    group = lot.server.group("Film club", lot.ann)
    filming = await lot.order("/video a fox", group)
    clip = await filming.clip()
    await lot.noted(filming.job, lambda job: job.told)
    await told(lot, "/forget me")
    assert not clip.is_deleted
    for verb in (Verb.AGAIN, Verb.DELETE):
        answer = await lot.presses(clip, verb)
        assert "This button belongs to an order that is no longer kept." in answer.text
    assert str(group.id).encode() in kept(lot)


async def test_an_account_is_parted_in_private_and_nowhere_else(lot: Lot) -> None:
    await lot.order("/video a fox")
    code = (await told(lot, "/link")).splitlines()[1]
    await elsewhere(lot, code)
    group = lot.server.group("Film club", lot.ann)
    assert "Send /unlink to me in a private chat." in (await lot.answer("/unlink", group)).text
    assert "1 under way" in (await lot.stage.studio.say(usage())).lines[1]
    assert (await told(lot, "/unlink")).startswith("Parted\n")
    assert (await lot.stage.studio.say(usage())).lines[1] == "None under way."
    assert "This account is joined with no other." in await told(lot, "/unlink")


def usage() -> Order:
    return Order(identity=ELSEWHERE, place=SERVER, event="u", text="/usage")


async def test_a_clip_that_only_telegram_still_has_is_sent_again_without_an_upload(lot: Lot) -> None:
    filming = await lot.order()
    await filming.clip()
    lot.stage.clock.forward(31 * 24 * 3600)
    await lot.stage.core.sweeper.sweep()
    lot.shelf.file(CLIP).unlink()
    history = await lot.answer("/history")
    assert (await lot.presses(history, Verb.SEND_AGAIN)).text == "Sent again"
    copy = await lot.reply_to(history)
    assert copy.media
    assert "no longer kept" not in copy.caption
