"""The operators' desk for whoever works from the shell: beside a running rushes, or while none runs."""

import asyncio
import os
import pwd
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.media.addresses import Addresses
from adapters.media.lab import Lab
from adapters.media.library import ClipFolder
from adapters.network import open_client
from bot.admin_words import COMMAND
from bot.assembly import Edges, assembled
from bot.desk import Deed, Desk
from bot.errands import Answer, Errand, Errands
from bot.job import Identity
from bot.meter import Meter
from bot.moving import renumber
from bot.pseudonyms import pseudonyms
from bot.refusal import Refusal
from bot.speech import Languages
from bot.survey import Person
from bot.tongue import Tongues
from rushes.clock import SystemClock
from rushes.operators import Owners
from rushes.policy import policy
from rushes.premises import CLIPS, in_words, own_key, premises
from rushes.settings import Settings, load
from rushes.trouble import CannotStart, InUse, NotDone
from storage.sqlite.store import sqlite_store

PATIENCE, BETWEEN = 10.0, 0.1
"""Seconds: for how long the running rushes may take, and how often it is looked whether it has answered."""

_BY_ITSELF = frozenset({Deed.CANCEL, Deed.REFUND})
"""What takes neither a chat nor a provider."""

_START = "Start rushes, and say it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    settings: Settings
    desk: Desk
    errands: Errands
    operator: Identity

    @property
    def clips(self) -> Path:
        return self.settings.data_dir / CLIPS

    async def do(self, deed: Deed, about: str, reason: str) -> Answer:
        """By the running rushes, which alone changes jobs, or else right here. Raises `CannotStart`."""
        try:
            with premises(self.settings):
                return await self._alone(deed, about, reason)
        except InUse:
            return await self._asked(deed, about, reason)

    async def whom(self, words: str) -> Identity:
        """The only one who is called so, or whom the key names. Raises `CannotStart`."""
        found = await self.desk.people(words, limit=3)
        exact = [person for person in found if _is_named(person, words)] or found
        if len(exact) == 1:
            return exact[0].identities[0]
        if exact:
            keys = ", ".join(f"{person.identities[0].name} is {person.identities[0].key}" for person in exact)
            raise CannotStart(f"More than one is called {words}: {keys}", "Name one of them by that")
        platform, _, user = words.partition(":")
        if platform in ("telegram", "discord", "web") and user:
            return Identity(platform=platform, user=user)
        raise CannotStart(f"Nobody who is called {words} has ordered yet", "Name them like telegram:123456789")

    async def _alone(self, deed: Deed, about: str, reason: str) -> Answer:
        if deed not in _BY_ITSELF:
            raise CannotStart("Rushes is not running, and only the running one can do that", _START)
        card = await self.desk.do(deed, self.operator, about, reason)
        return Answer(is_done=True, lines=(card.title, *card.lines))

    async def _asked(self, deed: Deed, about: str, reason: str) -> Answer:
        errand = Errand(deed=deed, about=about, reason=reason, by=self.operator, at=SystemClock().now())
        number = await self.errands.leave(errand)
        for _ in range(round(PATIENCE / BETWEEN)):
            if answer := await self.errands.answered(number):
                return answer
            await asyncio.sleep(BETWEEN)
        if await self.errands.withdraw(number):
            raise CannotStart("The running rushes does not answer, so nothing was done", "Look into its log")
        raise CannotStart("The running rushes has begun, and does not say what came of it", "Look into its log")


Work = Callable[[Office], Coroutine[None, None, int]]


def worked(work: Work) -> int:
    """The exit code of what is done at the desk. Raises `CannotStart`, also for a refusal."""
    return asyncio.run(_worked(work))


async def _worked(work: Work) -> int:
    async with opened() as office:
        try:
            return await work(office)
        except Refusal as refusal:
            raise NotDone(in_the_shell(" ".join(str(refusal).split()))) from refusal


def in_the_shell(words: str, chat: str = "") -> str:
    """What is said of commands in the chat, as it is typed here."""
    return words.replace(COMMAND, f"rushes admin --chat {chat}" if chat else "rushes admin")


@asynccontextmanager
async def opened() -> AsyncIterator[Office]:
    """Raises `CannotStart`."""
    settings = load()
    decided = policy(settings)
    if not settings.database.is_file():
        raise CannotStart(
            f"There is no database at {settings.database}",
            "Start rushes once, or set RUSHES_DATA_DIR to the folder that it is in",
        )
    pseudonym = pseudonyms(own_key(settings.data_dir))
    with in_words(settings.database):
        async with (
            open_client() as client,
            sqlite_store(settings.database, pseudonym, is_beside=True) as store,
        ):
            clock = SystemClock()
            edges = Edges(
                clock=clock,
                store=store,
                rulebook=store.rulebook,
                survey=store.survey,
                errands=store.errands,
                providers={},
                library=ClipFolder(settings.data_dir / CLIPS, client, Addresses(()), Lab(), None),
                chats={},
                operators=Owners({}, (), Tongues(clock, store, Languages())),
                dice=random.SystemRandom(),
                meter=Meter(clock),
            )
            core = assembled(edges, decided)
            renumber(core.terms, await store.rulebook.moves())
            yield Office(settings=settings, desk=core.desk, errands=store.errands, operator=_operator())


def _operator() -> Identity:
    """As the audit log calls whoever sits at this shell."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Identity(platform="shell", user=name, name=name)


def _is_named(person: Person, words: str) -> bool:
    names = {name for one in person.identities for name in (one.key, one.name, f"@{one.handle}")}
    return words in (*names, person.id)
