"""The calls about channels and the messages in them."""

import math
from dataclasses import replace

from tests.discord_api.drafting import drafted
from tests.discord_api.fields import Fields
from tests.discord_api.mentions import Allowed, pings_of
from tests.discord_api.messages import Message, Version
from tests.discord_api.parameters import Parameters
from tests.discord_api.people import Channel, Permission
from tests.discord_api.refusal import Refused, missing_permissions, unknown_channel
from tests.discord_api.world import World

NONCE_SECONDS = 300
MOST_NONCE = 25
USUALLY_READ = 50
UPLOADS = Permission.ATTACH_FILES


async def get_channel(world: World, parameters: Parameters) -> object:
    return world.channel(parameters.number("channel")).as_json()


async def open_direct(world: World, parameters: Parameters) -> object:
    """The conversation is there even where nothing may be said in it."""
    member = world.members.get(parameters.fields.integer("recipient_id") or 0)
    if member is None or member.is_bot:
        raise Refused(400, 50033, "Invalid Recipient(s)")
    return world.direct(member).as_json()


async def send_typing(world: World, parameters: Parameters) -> object:
    writable(world, parameters)
    return None


async def get_message(world: World, parameters: Parameters) -> object:
    channel = world.channel(parameters.number("channel"))
    world.need(channel, Permission.READ_MESSAGE_HISTORY)
    return world.shown(world.message(channel, parameters.number("message")))


async def get_messages(world: World, parameters: Parameters) -> object:
    """The latest, or the latest before one, newest first; none for who may not read what was written before."""
    channel = world.channel(parameters.number("channel"))
    if Permission.READ_MESSAGE_HISTORY not in channel.permissions(world.bot):
        return []
    before = int(parameters.query.get("before", 0)) or math.inf
    found = [message for message in world.visible(channel) if not message.is_ephemeral and message.id < before]
    return [world.shown(message) for message in reversed(found[-int(parameters.query.get("limit", USUALLY_READ)) :])]


async def create_message(world: World, parameters: Parameters) -> object:
    channel, fields = writable(world, parameters), parameters.fields
    known = same(world, channel, fields)
    if known:
        return world.shown(known)
    reply_to = referenced(world, channel, fields)
    allowed = Allowed(fields)
    if parameters.uploads:
        world.need(channel, UPLOADS)
    version = drafted(world, channel, fields, parameters.uploads, limit=upload_limit(world, channel))
    if Permission.EMBED_LINKS not in channel.permissions(world.bot):
        version = unembedded(version)
    message = Message(
        id=world.ids.next(),
        channel=channel,
        author=world.bot,
        versions=[version],
        reply_to=reply_to,
        pings=pings_of(version.text, channel, world.bot, reply_to, allowed),
        nonce=nonce_of(fields),
    )
    channel.is_archived = False
    return world.shown(world.post(message))


async def edit_message(world: World, parameters: Parameters) -> object:
    channel, message = own(world, parameters)
    if parameters.uploads:
        world.need(channel, UPLOADS)
    limit = upload_limit(world, channel)
    version = drafted(world, channel, parameters.fields, parameters.uploads, limit=limit, before=message.now)
    Allowed(parameters.fields)
    return world.shown(world.edit(message, version))


async def delete_message(world: World, parameters: Parameters) -> object:
    channel = world.channel(parameters.number("channel"))
    message = world.message(channel, parameters.number("message"))
    if message.author is not world.bot:
        if channel.guild is None:
            raise Refused(403, 50003, "Cannot execute action on a DM channel")
        world.need(channel, Permission.MANAGE_MESSAGES)
    check_open(channel)
    world.delete(message)
    return None


def writable(world: World, parameters: Parameters) -> Channel:
    channel = world.channel(parameters.number("channel"))
    if channel.kind == "forum":
        raise Refused(400, 50008, "Cannot send messages in a non-text channel")
    if channel.kind == "direct" and not all(member.accepts_messages for member in channel.people):
        raise Refused(403, 50007, "Cannot send messages to this user")
    in_thread = channel.kind == "thread"
    world.need(channel, Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES)
    # A message opens a thread again, unless it was locked too.
    if channel.is_locked:
        check_open(channel)
    return channel


def own(world: World, parameters: Parameters) -> tuple[Channel, Message]:
    channel = world.channel(parameters.number("channel"))
    message = world.message(channel, parameters.number("message"))
    if message.author is not world.bot:
        raise Refused(403, 50005, "Cannot edit a message authored by another user")
    check_open(channel)
    return channel, message


def check_open(channel: Channel) -> None:
    if channel.is_archived:
        raise Refused(400, 50083, "Thread is archived")


def upload_limit(world: World, channel: Channel) -> int:
    return channel.guild.upload_limit if channel.guild else world.rules.upload_limit


def nonce_of(fields: Fields) -> str:
    nonce = str(fields.values.get("nonce") or "")
    if len(nonce) > MOST_NONCE:
        raise fields.wrong("nonce", "NONCE_TYPE_TOO_LONG", f"Must be {MOST_NONCE} or fewer in length.")
    return nonce


def same(world: World, channel: Channel, fields: Fields) -> Message | None:
    """The message that a nonce was used for before, a short while ago."""
    nonce = nonce_of(fields)
    if not nonce or not fields.flag("enforce_nonce"):
        return None
    since = world.clock.now() - NONCE_SECONDS
    sent = [message for message in world.messages if message.channel is channel and message.author is world.bot]
    return next((message for message in sent if message.nonce == nonce and message.at > since), None)


def referenced(world: World, channel: Channel, fields: Fields) -> Message | None:
    if not fields.has("message_reference"):
        return None
    reference = fields.inner("message_reference")
    if Permission.READ_MESSAGE_HISTORY not in channel.permissions(world.bot):
        raise Refused(403, 160002, "Cannot reply without permission to read message history")
    if reference.has("channel_id") and reference.integer("channel_id") != channel.id:
        raise unknown_channel()
    number, lenient = reference.integer("message_id"), reference.values.get("fail_if_not_exists") is False
    found = [message for message in world.visible(channel) if message.id == number and not message.is_ephemeral]
    if not found and not lenient:
        raise fields.wrong("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    return found[0] if found else None


def unembedded(version: Version) -> Version:
    """Who may not embed sends the rest."""
    rest = replace(version, embeds=())
    if rest.is_empty:
        raise missing_permissions()
    return rest
