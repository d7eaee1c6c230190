"""What people type and press: in, to the studio, and what it answers out again.

Discord waits three seconds for a first answer, so that comes before anything that may take its time.
"""

import asyncio
import logging
import secrets
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from discord import Client, Interaction
from discord.app_commands import Choice

from adapters.chat.discord.buttons import meaning, reply_in, view
from adapters.chat.discord.commands import MOST_SHOWN, MOST_SUGGESTED
from adapters.chat.discord.form import COMMAND, form_for
from adapters.chat.discord.handle import Handle
from adapters.chat.discord.incoming import (
    PLATFORM,
    handle_of,
    identity_of,
    is_admin,
    is_private,
    may_post,
    place_of,
    presence_of,
)
from adapters.chat.discord.leaving import leave_from
from adapters.chat.discord.refusal import MayNotPost, Outdated
from adapters.chat.discord.rendering import card_text
from adapters.chat.discord.wire import Late, Repeated, translated
from adapters.chat.discord.writing import Post, Writer
from bot.access import AlreadyAnswered, NotHere
from bot.card import Card, Circle, DraftCard, JobCard, Order, Press, Reply, Verb
from bot.catalogue import PROVIDERS
from bot.flags import SPELLINGS
from bot.job import Identity, Place
from bot.ports import Clock
from bot.refusal import Refusal
from bot.speech import Language, speaking
from bot.studio import Studio
from bot.trouble import DeliveryUnknown, Passing, Trouble, Undeliverable
from bot.values import BadValue
from bot.wording import mishap, refused

MOST_REMEMBERED = 1000
"""Interactions that are known again."""

FIRST_TRY_SECONDS, SECOND_TRY_SECONDS = 1.8, 60.0
"""For an acknowledgement: a connection that died unnoticed leaves time for another one."""

FOR_ONE = "for one"
"""Whether the deferred answer is for one alone."""

_SHOWN_ANEW = frozenset({Verb.AGAIN, Verb.SAME_SEED, Verb.HD, Verb.TRY_AGAIN})
"""Buttons that order: their answer is the message that shows how the new job goes on."""

log = logging.getLogger(__name__)


class Desk:
    def __init__(self, studio: Studio, writer: Writer, clock: Clock) -> None:
        self._studio = studio
        self._writer = writer
        self._clock = clock
        self._complained: set[int] = set()
        self._heard: deque[int] = deque(maxlen=MOST_REMEMBERED)

    async def film(self, interaction: Interaction[Client], prompt: str, picked: Mapping[str, str]) -> None:
        order = Order(
            identity=identity_of(interaction),
            place=place_of(interaction),
            event=str(interaction.id),
            text=prompt,
            picked=tuple(picked.items()),
            is_private=is_private(interaction),
            presence=presence_of(interaction),
            is_admin=partial(_is_admin, interaction),
        )
        await self._order(interaction, order)

    async def answer(self, interaction: Interaction[Client], text: str, about: Identity | Circle | None = None) -> None:
        """Everything but films is for whoever asked alone."""
        async with self._answered(interaction):
            self._hear(interaction)
            handle = await self._defer(interaction, secret=True)
            order = Order(
                identity=identity_of(interaction),
                place=place_of(interaction),
                event=str(interaction.id),
                text=text,
                is_private=True,
                presence=presence_of(interaction),
                is_admin=partial(_is_admin, interaction),
                about=about,
            )
            card = await self._studio.say(order)
            await self._tell(handle, card)

    async def pressed(self, interaction: Interaction[Client], custom_id: str) -> None:
        async with self._answered(interaction):
            self._hear(interaction)
            if reply := reply_in(custom_id):
                await self._reply_to(interaction, *reply)
                return
            verb, job = meaning(custom_id)
            press = Press(
                identity=identity_of(interaction),
                place=place_of(interaction),
                event=str(interaction.id),
                verb=verb,
                job=job,
                presence=presence_of(interaction),
                is_admin=is_admin(interaction) if verb in _SHOWN_ANEW else _keeps_order(interaction),
            )
            if verb is Verb.EDIT:
                await self._ask_for_changes(interaction, press)
            elif verb in _SHOWN_ANEW:
                self._check_place(interaction)
                handle = await self._defer(interaction)
                await self._studio.act(replace(press, status=handle.written()))
            else:
                handle = await self._defer(interaction, secret=True)
                await self._tell(handle, await self._studio.act(press))
                if verb is Verb.DELETE:
                    await self._take_copy(interaction)

    async def _reply_to(self, interaction: Interaction[Client], request: str, typed: str) -> None:
        handle = await self._defer(interaction, secret=True)
        reply = Reply(
            identity=identity_of(interaction),
            place=place_of(interaction),
            request=request,
            typed=typed,
            is_admin=partial(_is_admin, interaction),
        )
        try:
            card = await self._studio.answer(reply)
        except AlreadyAnswered as refusal:
            await self._close_request(interaction, refused(refusal))
            raise
        await self._close_request(interaction, card)
        await self._tell(handle, card)

    async def _close_request(self, interaction: Interaction[Client], card: Card) -> None:
        """Where it is for one alone, or we may not write, its buttons stay, and say that it was answered."""
        if interaction.message:
            there = Handle(channel=interaction.channel_id or 0, message=interaction.message.id)
            with suppress(Trouble):
                await self._writer.rewrite(there, Post(text=card_text(card)))

    async def stays(self, guild: int) -> bool:
        return await self._studio.stays(Place(platform=PLATFORM, chat=str(guild)))

    async def _take_copy(self, interaction: Interaction[Client]) -> None:
        """What was pressed may be a copy; of the clip itself the board takes care."""
        if interaction.message:
            with suppress(Undeliverable):
                await self._writer.erase(Handle(channel=interaction.channel_id or 0, message=interaction.message.id))

    async def submitted(self, interaction: Interaction[Client], values: Mapping[str, str]) -> None:
        """The command that *Edit* gave back, changed."""
        await self.film(interaction, values.get(COMMAND, ""), {})

    async def misunderstood(self, interaction: Interaction[Client]) -> None:
        async with self._answered(interaction):
            raise Outdated

    async def prompts(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]:
        """What this person had filmed lately; what is longer than a suggestion may be cannot be one."""
        found = await self._studio.recent_prompts(identity_of(interaction), typed, MOST_SUGGESTED)
        return [Choice(name=prompt, value=prompt) for prompt in found if len(prompt) <= MOST_SHOWN]

    async def providers(self, interaction: Interaction[Client], typed: str) -> list[Choice[str]]:
        """Those that have the model that was chosen."""
        chosen = getattr(interaction.namespace, "model", None)
        found = self._studio.providers(_model(chosen))
        return [Choice(name=PROVIDERS[name], value=name) for name in found if typed.casefold() in name]

    async def _order(self, interaction: Interaction[Client], order: Order) -> None:
        async with self._answered(interaction):
            self._hear(interaction)
            self._check_place(interaction)
            is_to_be_filmed = self._studio.check(order)
            handle = await self._defer(interaction, secret=not is_to_be_filmed)
            card = await self._studio.order(replace(order, status=handle.written()))
            if not isinstance(card, JobCard):
                await self._tell(handle, card)

    async def _ask_for_changes(self, interaction: Interaction[Client], press: Press) -> None:
        # A form can only be the first answer, so this one look at the database comes before it.
        card = await self._studio.act(press)
        if not isinstance(card, DraftCard):
            raise TypeError(card)
        form = form_for(card.command)
        with translated():
            await interaction.response.send_modal(form)

    async def _defer(self, interaction: Interaction[Client], *, secret: bool = False) -> Handle:
        """Raises `Late` where Discord no longer waits for the answer."""
        try:
            message = await self._acknowledge(interaction, secret=secret, within=FIRST_TRY_SECONDS)
        except (DeliveryUnknown, Passing):
            # It may have arrived; whoever ordered must not wait for nothing.
            message = await self._acknowledge(interaction, secret=secret, within=SECOND_TRY_SECONDS)
        interaction.extras[FOR_ONE] = secret
        return handle_of(interaction, self._clock, message)

    async def _acknowledge(self, interaction: Interaction[Client], *, secret: bool, within: float) -> int | None:
        """The message that will be the answer, where that is told."""
        try:
            with translated():
                async with asyncio.timeout(within):
                    answer = await interaction.response.defer(ephemeral=secret, thinking=True)
        except Repeated:
            return None
        return answer.message_id if answer else None

    async def _tell(self, handle: Handle, card: Card) -> None:
        buttons = None if isinstance(card, JobCard) else view(card)
        await self._writer.rewrite(handle, Post(text=card_text(card), view=buttons))

    @asynccontextmanager
    async def _answered(self, interaction: Interaction[Client]) -> AsyncIterator[None]:
        """Whatever happens, whoever asked reads in their language what became of it, and nobody else does."""
        with speaking(await self._language(interaction)):
            try:
                yield
            except Refusal as refusal:
                await self._refuse(interaction, refused(refusal))
                if isinstance(refusal, NotHere) and refusal.leaves:
                    await leave_from(interaction)
            except Repeated:
                log.info("heard interaction %d again", interaction.id)
            except Late as trouble:
                log.warning("an interaction was answered too late: %s", trouble.detail)
            except Trouble as trouble:
                log.warning("an interaction could not be answered: %s", trouble.detail)
            except Exception:
                # One interaction's mishap is told to whoever caused it, with a number that stands in the log.
                reference = secrets.token_hex(4)
                log.exception("an interaction failed: %s", reference)
                await self._refuse(interaction, mishap(reference))

    async def _language(self, interaction: Interaction[Client]) -> Language:
        told = (interaction.locale.value,)
        return await self._studio.tongues.of(identity_of(interaction), place_of(interaction), told)

    async def _refuse(self, interaction: Interaction[Client], card: Card) -> None:
        post = card_text(card)
        try:
            with translated():
                if FOR_ONE not in interaction.extras:
                    await interaction.response.send_message(post, ephemeral=True)
                elif interaction.extras[FOR_ONE]:
                    await interaction.edit_original_response(content=post)
                else:
                    # What everybody was to see goes away, and the reason is for one alone; or else it stands there.
                    with suppress(Trouble), translated():
                        await interaction.delete_original_response()
                    await interaction.followup.send(post, ephemeral=True)
        except Trouble as trouble:
            log.warning("a refusal was not told: %s", trouble.detail)

    def _hear(self, interaction: Interaction[Client]) -> None:
        """Raises `Repeated` for what Discord tells a second time."""
        if interaction.id in self._heard:
            raise Repeated(str(interaction.id))
        self._heard.append(interaction.id)

    def _check_place(self, interaction: Interaction[Client]) -> None:
        """Raises `MayNotPost`; the log is told once a channel."""
        missing = may_post(interaction)
        if not missing:
            return
        channel = interaction.channel_id or 0
        if channel not in self._complained:
            self._complained.add(channel)
            log.warning(
                "in Discord channel %d of server %s I lack: %s", channel, interaction.guild_id, ", ".join(missing)
            )
        raise MayNotPost(missing)


async def _is_admin(interaction: Interaction[Client]) -> bool:
    return is_admin(interaction)


def _keeps_order(interaction: Interaction[Client]) -> bool:
    """Whether they may take away what others wrote there, which opens no door."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def _model(typed: object) -> str | None:
    """The model behind a choice, which is made of words as they would be typed."""
    if not isinstance(typed, str):
        return None
    try:
        found = SPELLINGS["model"][0].values.read("model", typed)
    except BadValue:
        return None
    return found if isinstance(found, str) else None
