"""In which language somebody is answered: their own choice, else that of the chat, else what the platform says."""

from collections.abc import Sequence

from bot.card import Card, Order, Tone, explained
from bot.job import Identity, Place
from bot.ports import Clock, Store
from bot.refusal import NotWritten, Refusal
from bot.speech import ENGLISH, Language, Languages, current, say, speaking, unsaid

COMMAND = "/language"
AUTO = "auto"
"""What takes a choice back."""


class NotSpoken(Refusal):
    title = unsaid("Not spoken here")
    is_an_order = False

    def __init__(self, typed: str) -> None:
        super().__init__(
            say("There is no language “{typed}” here.", typed=typed[:40]), say("/language lists those that there are.")
        )


class Tongues:
    def __init__(self, clock: Clock, store: Store, languages: Languages) -> None:
        self._clock = clock
        self._store = store
        self.languages = languages

    async def of(self, identity: Identity, place: Place, told: Sequence[str] = ()) -> Language:
        """`told` is what the platform says, the preferred first."""
        try:
            chosen = await self._store.language_of(identity, place.chat_key)
        except NotWritten:
            # Whoever asks is to hear of it, in whatever language.
            chosen = ""
        return self.languages.named(chosen) if chosen else self.platforms(told)

    def platforms(self, told: Sequence[str]) -> Language:
        """For where nobody was asked."""
        near = (self.languages.nearest(each) for each in told)
        return next((language for language in near if language), ENGLISH)

    async def say(self, order: Order) -> Card:
        """`/language` tells, `/language de` chooses, `/language auto` takes it back. Raises `NotSpoken`."""
        typed = " ".join(order.text.split()[1:])
        if not typed:
            return self._told()
        if typed.casefold() == AUTO:
            await self._store.speak(order.identity, "", self._clock.now())
            return Card(title=say("As your chat or app says, from the next answer on"), tone=Tone.GOOD)
        language = self.found(typed)
        await self._store.speak(order.identity, language.code, self._clock.now())
        with speaking(language):
            return Card(title=say("I speak {language} with you now", language=language.name), tone=Tone.GOOD)

    def found(self, typed: str) -> Language:
        """By its code or its own name. Raises `NotSpoken`."""
        folded = typed.casefold()
        named = next((language for language in self.languages if language.name.casefold() == folded), None)
        language = named or self.languages.nearest(typed)
        if language is None:
            raise NotSpoken(typed)
        return language

    def _told(self) -> Card:
        return Card(
            title=say("I speak {language} with you", language=current().name),
            lines=(
                *(explained(f"{COMMAND} {language.code}", language.name) for language in self.languages),
                explained(f"{COMMAND} {AUTO}", say("as your chat or app says")),
            ),
        )
