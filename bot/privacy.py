"""What is kept about people, and `/forget`."""

import logging
from datetime import timedelta

from bot.card import Card, Order, Tone
from bot.commands import Word, word_of
from bot.house import House, to_the_end
from bot.job import Identity
from bot.keeping import Keep, kept_words

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
            title="Forgotten",
            lines=(
                "Your names, your prompts and your clips are no longer kept here.",
                f"If you come back within {KNOWN_AGAIN.days} days, your allowance is as it was.",
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
    checked = ("Sent to the service that checks prompts: the prompt, and nothing about you.",) if is_checked else ()
    return Card(
        title="Privacy",
        lines=(
            "Kept here: who ordered, where, the prompt and its options, the clip, and what it cost.",
            f"Clips are kept {kept_words(keep.clips)}; one that the chat did not take waits until you ask for it.",
            f"Prompts are kept {kept_words(keep.prompts)}, and what things cost for good.",
            "Kept as well: when an order of yours was refused for what it asks to see.",
            "Sent to the provider that films: the prompt and its options, and nothing about you.",
            *checked,
            "Shown in the chat where you order: your name, the prompt and the clip. Nobody else is told anything.",
            "/forget — erases what is kept about you.",
        ),
    )


def _what_it_does() -> Card:
    return Card(
        title="Shall I forget you?",
        lines=(
            "Erased, for all your linked accounts: names and numbers, prompts, tiers and exemptions.",
            "Gone with them: your clips, also those that wait to be sent, and what is left of what you were granted.",
            "Not erased: what things cost, without a name, and bans and what admins noted, which belong to their chat.",
            "What stands in chats stays there: press Delete below your clips before.",
            "From the disk the last remains are gone within a day.",
            f"A fingerprint of your accounts is kept for {KNOWN_AGAIN.days} days, so that this gives no new allowance.",
            "Only this bot can tell from it who you were; when it is gone, nothing points to you.",
            f"/forget {CONFIRMATION} — does it. There is no way back.",
        ),
    )
