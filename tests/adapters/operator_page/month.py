"""A month in the life of a bot, for whoever wants to see the operator page with something on it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from adapters.operator_page.signature import OPERATOR
from bot.card import Order
from bot.job import Clip, Failure, FailureKind, Identity, JobId, Phase, Place
from bot.ports import Broken, Finished, Rendering
from bot.trouble import Undeliverable
from tests.stage import HandChat, Script, Stage, job_card

WORKDAYS = 5
SOON = 10
FAILING, ALONE, COVERED = 0.12, 0.12, 0.08

CHATS = (
    Place(platform="telegram", chat="-1001748205113"),
    Place(platform="telegram", chat="-1002210097345", thread="12"),
    Place(platform="discord", chat="1163420987766554433"),
)
PEOPLE = (
    Identity(platform="telegram", user="402117735", name="Ann Berger", handle="annb"),
    Identity(platform="telegram", user="519002841", name="Иван Петров", handle="ivanp"),
    Identity(platform="discord", user="80351110224678912", name="mika"),
    Identity(platform="discord", user="53908099506183680", name="Salomé Ortiz"),
    Identity(platform="telegram", user="688120937", name="ليلى حداد", handle="layla_h"),
    Identity(platform="discord", user="175928847299117063", name="Tom <b>Hardy</b>"),
    Identity(platform="telegram", user="733501288", name="Chen Xiaoming", handle="xiaoming"),
)
PROMPTS = (
    "a red fox trotting through fresh snow, low morning sun",
    "slow flight over a misty fjord at dawn",
    "a paper boat sailing down a rainy street",
    "neon alley in the rain, reflections, cat on a windowsill",
    "a lighthouse in a storm, long lens",
    "hot air balloons over terraced rice fields",
    "clay astronaut waters a cactus on the moon",
    "an old tram climbs a hill in Lisbon",
)
FLAGS = ("", "--res 1080p", "--ar 9:16 --dur 8", "--style clay --ar 1:1", "--dur 8", "--audio")


async def lived(stage: Stage, clips: Sequence[Clip], days: int = 30) -> None:
    """So many days pass, and on the last one something is in every phase."""
    dice = random.Random(5)  # noqa: S311 - the same month every time
    chats = {name: HandChat() for name in ("telegram", "discord")}
    stage.chats |= chats
    for day in range(days):
        for _ in range(dice.randint(0, 6) if day % 7 < WORKDAYS else dice.randint(0, 2)):
            stage.clock.forward(dice.randint(600, 9000))
            await _film(stage, dice, clips)
        morning = (stage.clock.now() + timedelta(days=1)).replace(hour=7, minute=12)
        stage.clock.forward((morning - stage.clock.now()).total_seconds())
    for _ in range(3):
        stage.clock.forward(1500)
        await _film(stage, dice, clips)
    await _under_way(stage, dice, clips, chats)
    await _decided(stage)


async def _film(stage: Stage, dice: random.Random, clips: Sequence[Clip]) -> None:
    broken = Broken(Failure(dice.choice((FailureKind.MODERATED, FailureKind.PROVIDER))))
    stage.provider.sights = Script(broken if dice.random() < FAILING else Finished("https://media.example/clip.mp4"))
    stage.library.fetches = Script(dice.choice(clips))
    await stage.step(job := await _ordered(stage, dice))
    stage.clock.forward(dice.randint(35, 140))
    await stage.finish(job)


async def _ordered(stage: Stage, dice: random.Random, by: Identity | None = None, text: str = "") -> JobId:
    by = by or dice.choice(PEOPLE)
    place = dice.choice([place for place in CHATS if place.platform == by.platform])
    if dice.random() < ALONE:
        place = replace(place, chat=by.user, thread=None, is_private=True)
    cover = "--spoiler" if dice.random() < COVERED else ""
    text = text or f"{dice.choice(PROMPTS)} {dice.choice(FLAGS)} {cover}"
    event = f"event {dice.getrandbits(32)}"
    return job_card(await stage.studio.order(Order(identity=by, place=place, event=event, text=text))).job


async def _decided(stage: Stage) -> None:
    chat = CHATS[0].chat_key
    for words in (
        "budget $20 a day, $250 a month",
        "limit everyone 5 videos a day",
        "tier crew 20 videos a day",
        f"tier crew {PEOPLE[0].key}",
        f"ban {PEOPLE[5].key} for 3 days because of spam",
        f"grant {PEOPLE[2].key} 5 videos for 30 days because of the contest",
    ):
        await stage.desk.say(OPERATOR, words)
        stage.clock.forward(3)
    await stage.desk.say(OPERATOR, "access request", chat=chat)
    new = Identity(platform="telegram", user="811200345", name="Noor", handle="noor")
    text = "/video a kite over the sea --dur 8"
    await stage.studio.order(Order(identity=new, place=CHATS[0], event="new", text=text))


async def _under_way(stage: Stage, dice: random.Random, clips: Sequence[Clip], chats: Mapping[str, HandChat]) -> None:
    stage.library.fetches = Script(clips[0])
    chats["discord"].receipts = Script(Undeliverable("Missing Access"))
    held_up = await _ordered(stage, dice, PEOPLE[3])
    await stage.until(held_up, Phase.DELIVERING)
    await stage.finish(held_up)
    stage.provider.sights = Script(Rendering())
    for seconds in (200, 47, 21, 8):
        job = await _ordered(stage, dice, PEOPLE[seconds % 3])
        if seconds > SOON:
            await stage.step(job)
        stage.clock.forward(seconds)
