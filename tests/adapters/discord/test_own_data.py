"""What people in Discord can do with what is kept about them."""

from bot.card import Order, Verb
from bot.job import Identity, Place
from bot.privacy import CONFIRMATION
from tests.adapters.discord.club import Club

ELSEWHERE = Identity(platform="telegram", user="7001", name="Ann")
HOME = Place(platform="telegram", chat="7001")

MONTH = 31 * 24 * 3600


def kept(club: Club) -> bytes:
    """Whatever stands in the files of the database."""
    return b"".join(file.read_bytes() for file in club.stage.database.parent.glob("rushes.db*"))


async def elsewhere(club: Club, text: str) -> list[str]:
    """What somebody is told on another platform."""
    said = Order(identity=ELSEWHERE, place=HOME, event=text, text=text, is_private=True)
    return list((await club.stage.studio.say(said)).lines)


async def test_whoever_wants_to_be_forgotten_reads_what_that_means_and_then_is(club: Club) -> None:
    home = club.server.dm(club.ann)
    filmed = [await club.film("a fuchsia fox", channel) for channel in (club.channel, home)]
    assert "Something of yours is still under way." in await club.told("forget", confirm=CONFIRMATION)
    for filming in filmed:
        await filming.clip()
    assert (await club.told("forget")).startswith("**Shall I forget you?**\nErased, for all your linked accounts")
    traces = (b"fuchsia", str(club.ann.id).encode(), str(home.id).encode(), club.ann.name.encode())
    assert all(trace in kept(club) for trace in traces)
    assert (await club.told("forget", confirm=CONFIRMATION)).startswith("**Forgotten**\n")
    await club.stage.core.sweeper.sweep()
    assert [trace for trace in traces if trace in kept(club)] == []
    assert str(club.guild.id).encode() in kept(club)
    assert "None yet." in await club.told("history")
    assert not club.clips()[-1].is_deleted


async def test_an_account_is_parted(club: Club) -> None:
    await club.film()
    assert "This account is joined with no other." in await club.told("unlink")
    [offered, *_] = await elsewhere(club, "/link")
    await club.told("link", code=offered.removeprefix("/link "))
    assert "1 under way" in (await elsewhere(club, "/usage"))[1]
    assert (await club.told("unlink")).startswith("**Parted**\n")
    assert (await elsewhere(club, "/usage"))[1] == "None under way."
    assert "1 under way" in await club.told("usage")


async def test_a_clip_that_is_no_longer_kept_is_not_sent_again(club: Club) -> None:
    clip = await (await club.film()).clip()
    history = await club.answer(await club.commands("history"))
    club.stage.clock.forward(MONTH)
    await club.stage.core.sweeper.sweep()
    assert not clip.is_deleted
    assert "Clips are kept for 30 days here." in await club.pressed(history, Verb.SEND_AGAIN)
    assert not (await club.answer(await club.commands("history"))).buttons
