"""What is kept about people, and `/forget`."""

import logging
from datetime import timedelta

from bot.card import Card, Order, Tone, explained
from bot.commands import Word, word_of
from bot.house import House, to_the_end
from bot.job import Identity
from bot.keeping import Keep, kept_words
from bot.speech import say, say_many

KNOWN_AGAIN = timedelta(days=31)
"""For whoever comes back after they were forgotten; the longest month that an allowance may count."""

CONFIRMATION = "me"

log = logging.getLogger(__name__)


class Privacy:
    def __init__(self, house: House) -> None:
        self._house = house

    async def say(self, order: Order) -> Card:
        """`/privacy` tells what is kept, `/forget` what that does, and `/forget me` does it. Raises `StillUnderWay`."""
        if word_of(order.text) is Word.PRIVACY:
            return privacy_card(self._house.terms.keep, is_checked=self._house.moderation.asks_somebody)
        if order.text.casefold().split()[1:] != [CONFIRMATION]:
            return _what_it_does()
        await self._forget(order.identity)
        return Card(
            title=say("Forgotten"),
            lines=(
                say("Your names, your prompts and your clips are no longer kept here."),
                say_many(
                    "If you come back within {n} day, your allowance is as it was.",
                    "If you come back within {n} days, your allowance is as it was.",
                    KNOWN_AGAIN.days,
                ),
            ),
            tone=Tone.GOOD,
        )

    @to_the_end
    async def _forget(self, identity: Identity) -> None:
        now = self._house.clock.now()
        jobs = await self._house.store.forget(identity, now, now + KNOWN_AGAIN)
        # After the database says so: files that a crash leaves behind are found by the sweep.
        await self._house.library.discard(*jobs)
        log.info("somebody was forgotten, and %d clips with them", len(jobs))


def privacy_card(keep: Keep, *, is_checked: bool = False) -> Card:
    """`is_checked` tells that prompts are shown to a moderator."""
    checked = (
        (say("Sent to the service that checks prompts: the prompt, and nothing about you."),) if is_checked else ()
    )
    return Card(
        title=say("Privacy"),
        lines=(
            say("Kept here: who ordered, where, the prompt and its options, the clip, and what it cost."),
            say(
                "Clips are kept {span}; one that the chat did not take waits until you ask for it.",
                span=kept_words(keep.clips),
            ),
            say("Prompts are kept {span}, and what things cost for good.", span=kept_words(keep.prompts)),
            say("Kept as well: when an order of yours was refused for what it asks to see."),
            say("Sent to the provider that films: the prompt and its options, and nothing about you."),
            *checked,
            say("Shown in the chat where you order: your name, the prompt and the clip. Nobody else is told anything."),
            explained("/forget", say("erases what is kept about you.")),
        ),
    )


def _what_it_does() -> Card:
    return Card(
        title=say("Shall I forget you?"),
        lines=(
            say("Erased, for all your linked accounts: names and numbers, prompts, tiers and exemptions."),
            say(
                "Gone with them: your clips, also those that wait to be sent, "
                "and what is left of what you were granted."
            ),
            say(
                "Not erased: what things cost, without a name, and bans and what admins noted, "
                "which belong to their chat."
            ),
            say("What stands in chats stays there: press Delete below your clips before."),
            say("From the disk the last remains are gone within a day."),
            say_many(
                "A fingerprint of your accounts is kept for {n} day, so that this gives no new allowance.",
                "A fingerprint of your accounts is kept for {n} days, so that this gives no new allowance.",
                KNOWN_AGAIN.days,
            ),
            say("Only this bot can tell from it who you were; when it is gone, nothing points to you."),
            explained(f"/forget {CONFIRMATION}", say("does it. There is no way back.")),
        ),
    )
