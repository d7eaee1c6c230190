"""The websocket on which the bot hears what happens."""

import asyncio
import json
from collections.abc import Iterable

from aiohttp import WSMsgType, web

from tests.discord_api.fields import Fields
from tests.discord_api.people import Channel, Guild
from tests.discord_api.refusal import Json, Refused
from tests.discord_api.sessions import Connection, Intent, Session
from tests.discord_api.world import World

HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 1, 2, 6, 7, 9, 10, 11
QUIET = (3, 4, 8)  # presence, voice, members: heard and not answered
MOST_BYTES = 4096
UNKNOWN_OP, UNREADABLE, NOT_IDENTIFIED, WRONG_TOKEN, IDENTIFIED, WRONG_SEQUENCE = 4001, 4002, 4003, 4004, 4005, 4007
WRONG_SHARD, WRONG_INTENTS, PRIVILEGED_INTENTS = 4010, 4013, 4014
EVERY_INTENT = (1 << 26) - 1


class Closed(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Gateway:
    def __init__(self, world: World, token: str) -> None:
        self.is_down = False
        self.acknowledges = True  # heartbeats; without that the bot takes the connection for dead
        self.heartbeat_seconds = 41.25
        self.privileged = Intent.NONE  # those that were asked for and granted
        self.connections: list[Connection] = []
        self.refused: list[int] = []  # the codes that connections were closed with
        self._world = world
        self._token = token

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.is_down:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(request.transport)
        self.connections.append(connection)
        connection.say(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        writing = asyncio.create_task(write(socket, connection), name="gateway")
        try:
            await self._listen(socket, connection)
        except Closed as closed:
            self.refused.append(closed.code)
            await socket.close(code=closed.code)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            self._leave(connection)
        return socket

    def drop(self) -> None:
        """Every connection, without a word. What is missed meanwhile is told on resumption."""
        for connection in list(self.connections):
            self._leave(connection)
            connection.cut()

    def reconnect(self) -> None:
        """Ask everybody to come again."""
        for connection in self.connections:
            connection.say(RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        for connection in self.connections:
            if connection.session and not resumable:
                connection.session.is_over = True
            connection.say(INVALID, resumable)

    def forget(self) -> None:
        """Whoever comes back has to begin anew."""
        for session in self._world.sessions.all:
            session.is_over = True

    def hang_up(self, code: int) -> None:
        """On everybody, with a reason."""
        for connection in self.connections:
            connection.hang_up(code)

    def change_token(self, token: str) -> None:
        """Whoever comes with the one before is hung up on."""
        self._token = token

    def _leave(self, connection: Connection) -> None:
        if connection.session and connection.session.connection is connection:
            connection.session.connection = None
        if connection in self.connections:
            self.connections.remove(connection)
        self._world.change()

    async def _listen(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT or len(frame.data) > MOST_BYTES:
                raise Closed(UNREADABLE)
            try:
                spoken = Fields(json.loads(frame.data))
                self._hear(connection, spoken.integer("op"), spoken)
            except (ValueError, Refused, AttributeError):
                raise Closed(UNREADABLE) from None
            self._world.change()

    def _hear(self, connection: Connection, op: int | None, spoken: Fields) -> None:
        if op == HEARTBEAT:
            self._beat(connection, spoken)
        elif op == IDENTIFY:
            if connection.session:
                raise Closed(IDENTIFIED)
            self._identify(connection, spoken.inner("d"))
        elif op == RESUME:
            if connection.session:
                raise Closed(IDENTIFIED)
            self._resume(connection, spoken.inner("d"))
        elif connection.session is None:
            raise Closed(NOT_IDENTIFIED)
        elif op not in QUIET:
            raise Closed(UNKNOWN_OP)

    def _beat(self, connection: Connection, spoken: Fields) -> None:
        if connection.session:
            connection.session.heartbeats += 1
            connection.session.heard = spoken.integer("d") or 0
        if self.acknowledges:
            connection.say(ACK)

    def _identify(self, connection: Connection, wanted: Fields) -> None:
        self._check_token(wanted)
        shard, shards = shard_of(wanted)
        session = Session(shard=shard, shards=shards, intents=self._intents_of(wanted), at=self._world.clock.now())
        self._world.sessions.add(session)
        self._join(connection, session)
        session.tell("READY", self._ready(session))
        if Intent.GUILDS in session.intents:
            for guild in [known for known in self._guilds(session) if not known.is_unavailable]:
                session.tell("GUILD_CREATE", guild_as_json(self._world, guild) | {"unavailable": False})

    def _resume(self, connection: Connection, wanted: Fields) -> None:
        self._check_token(wanted)
        session = self._world.sessions.find(wanted.text("session_id"))
        after = wanted.integer("seq") or 0
        if session is None:
            connection.say(INVALID, content=False)
            return
        if after > len(session.events):
            raise Closed(WRONG_SEQUENCE)
        session.resumed += 1
        session.heard = after
        self._join(connection, session)
        session.replay(after)
        session.tell("RESUMED", {})

    def _join(self, connection: Connection, session: Session) -> None:
        connection.session, session.connection = session, connection

    def _check_token(self, wanted: Fields) -> None:
        if wanted.text("token") != self._token:
            raise Closed(WRONG_TOKEN)

    def _intents_of(self, wanted: Fields) -> Intent:
        number = wanted.integer("intents")
        if number is None or number & ~EVERY_INTENT:
            raise Closed(WRONG_INTENTS)
        intents = Intent(number)
        if intents & (Intent.MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT) & ~self.privileged:
            raise Closed(PRIVILEGED_INTENTS)
        return intents

    def _guilds(self, session: Session) -> list[Guild]:
        known = [guild for guild in self._world.guilds.values() if guild.has_bot]
        return [guild for guild in known if (guild.id >> 22) % session.shards == session.shard]

    def _ready(self, session: Session) -> Json:
        guilds = [{"id": str(guild.id), "unavailable": True} for guild in self._guilds(session)]
        return {
            "v": 10,
            "user": self._world.bot.as_json(),
            "guilds": guilds,
            "session_id": session.id,
            "resume_gateway_url": self._world.gateway_url,
            "shard": [session.shard, session.shards],
            "application": {"id": str(self._world.bot.id), "flags": 0},
        }


async def write(socket: web.WebSocketResponse, connection: Connection) -> None:
    while True:
        frame = await connection.outgoing.get()
        if connection.code:
            await socket.close(code=connection.code)
            return
        try:
            await socket.send_str(json.dumps(frame))
        except ConnectionError:
            return


def shard_of(wanted: Fields) -> tuple[int, int]:
    given = wanted.sequence("shard") or [0, 1]
    match given:
        case [int(shard), int(shards)] if 0 <= shard < shards:
            return shard, shards
        case _:
            raise Closed(WRONG_SHARD)


def guild_as_json(world: World, guild: Guild) -> Json:
    """Of its members the bot alone, which has not asked for the others."""
    channels = [channel for channel in guild.channels if not channel.is_deleted]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner.id),
        "preferred_locale": guild.locale,
        "premium_tier": guild.tier,
        "roles": [role.as_json() for role in guild.roles],
        "channels": as_json(channel for channel in channels if channel.kind != "thread"),
        "threads": as_json(c for c in channels if c.kind == "thread" and not c.is_archived),
        "members": [guild.member_as_json(world.bot)],
        "member_count": len(guild.members),
        "large": False,
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "system_channel_id": None,
        "afk_timeout": 300,
    }


def as_json(channels: Iterable[Channel]) -> list[Json]:
    return [channel.as_json() for channel in channels]
