"""The calls about the bot itself: who it is, where to connect, which commands it has."""

from functools import reduce
from operator import or_

from tests.discord_api.parameters import Parameters
from tests.discord_api.refusal import Json, Refused, missing_access
from tests.discord_api.world import World

KEY = "0" * 64
STARTS_A_DAY = 1000


async def get_gateway_bot(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    starts = {
        "total": STARTS_A_DAY,
        "remaining": world.starts_left - len(world.sessions.all),
        "reset_after": 86_400_000,
    }
    return {"url": world.gateway_url, "shards": world.shards, "session_start_limit": starts | {"max_concurrency": 1}}


async def get_me(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    return world.bot.as_json() | {"verified": True, "mfa_enabled": True, "locale": "en-US", "flags": 0}


async def get_user(world: World, parameters: Parameters) -> object:
    member = world.members.get(parameters.number("user"))
    if member is None:
        raise Refused(404, 10013, "Unknown User")
    return member.as_json()


async def get_guilds(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    """With what the bot may everywhere in each; channels may say otherwise."""
    return [
        {"id": str(guild.id), "name": guild.name, "icon": None, "owner": False, "features": []}
        | {"permissions": str(reduce(or_, (role.permissions.value for role in guild.roles_of(world.bot))))}
        for guild in world.guilds.values()
        if guild.has_bot
    ]


async def leave_guild(world: World, parameters: Parameters) -> object:
    guild = world.guilds.get(parameters.number("guild"))
    if guild is None or not guild.has_bot:
        raise Refused(404, 10004, "Unknown Guild")
    world.part(guild)
    return None


async def get_application(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    application: Json = {"id": str(world.bot.id), "name": world.bot.name, "description": "", "icon": None}
    application |= {"bot_public": True, "bot_require_code_grant": False, "verify_key": KEY, "flags": 0}
    owner: Json = {"id": "1", "username": "owner", "discriminator": "0", "avatar": None, "global_name": "Owner"}
    application |= {"owner": owner, "team": None, "interactions_endpoint_url": world.interactions_url}
    return application | {"integration_types_config": {"0": {}, "1": {}}}


async def get_commands(world: World, parameters: Parameters) -> object:
    check_application(world, parameters)
    return world.commands.all(scope(world, parameters))


async def set_commands(world: World, parameters: Parameters) -> object:
    check_application(world, parameters)
    return world.commands.overwrite(parameters.listed, world.bot.id, scope(world, parameters))


def check_application(world: World, parameters: Parameters) -> None:
    if parameters.number("application") != world.bot.id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")


def scope(world: World, parameters: Parameters) -> int | None:
    if not parameters.word("guild"):
        return None
    guild = world.guilds.get(parameters.number("guild"))
    if guild is None or not guild.has_bot:
        raise missing_access()
    return guild.id
