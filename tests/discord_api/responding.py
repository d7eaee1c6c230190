"""The calls that answer an interaction: its one callback, and then whatever its token is still good for."""

from collections.abc import Callable

from tests.discord_api.commands import fits
from tests.discord_api.drafting import drafted
from tests.discord_api.fields import Fields
from tests.discord_api.interactions import Choice, Interaction, Kind, Response
from tests.discord_api.mentions import Allowed, pings_of
from tests.discord_api.messages import Flag, Message, Pings, Version
from tests.discord_api.modals import modal_of
from tests.discord_api.parameters import Parameters
from tests.discord_api.refusal import Json, Refused, unknown_interaction, unknown_message, unknown_webhook
from tests.discord_api.world import World

TOKEN_SECONDS = 15 * 60
MOST_CHOICES = 25
MOST_FOLLOWUPS = 5  # where the bot is but the member's own
CHOICE_TYPES = (3, 4, 10)

ANSWERS: dict[Kind, tuple[Response, ...]] = {
    Kind.COMMAND: (Response.MESSAGE, Response.DEFERRED, Response.MODAL),
    Kind.COMPONENT: tuple(kind for kind in Response if kind is not Response.CHOICES),
    Kind.AUTOCOMPLETE: (Response.CHOICES,),
    Kind.MODAL: (Response.MESSAGE, Response.DEFERRED, Response.DEFERRED_UPDATE, Response.UPDATE),
}


async def respond(world: World, parameters: Parameters) -> object:
    interaction = world.interactions.get(parameters.number("interaction"))
    if interaction is None or interaction.token != parameters.word("token"):
        raise unknown_interaction()
    if interaction.is_acknowledged:
        raise Refused(400, 40060, "Interaction has already been acknowledged.")
    if world.clock.now() - interaction.at > world.rules.acknowledge_seconds:
        raise unknown_interaction()
    response = response_of(interaction, parameters.fields)
    EFFECTS[response](world, interaction, parameters)
    interaction.response, interaction.acknowledged_at = response, world.clock.now()
    world.change()
    return callback(world, interaction) if parameters.query.get("with_response") in {"1", "true"} else None


def response_of(interaction: Interaction, fields: Fields) -> Response:
    possible = ANSWERS[interaction.kind]
    if interaction.message is None:
        possible = tuple(kind for kind in possible if kind not in {Response.UPDATE, Response.DEFERRED_UPDATE})
    return Response(fields.one_of("type", tuple(map(int, possible))))


def callback(world: World, interaction: Interaction) -> Json:
    """A deferral has a message, but does not show it."""
    assert interaction.response is not None
    about: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    resource: Json = {"type": int(interaction.response)}
    message = interaction.original
    if message and interaction.response is not Response.MODAL:
        about |= {"response_message_id": str(message.id), "response_message_loading": message.is_thinking}
        about["response_message_ephemeral"] = message.is_ephemeral
    if message and interaction.response in {Response.MESSAGE, Response.UPDATE}:
        resource["message"] = world.shown(message)
    return {"interaction": about, "resource": resource}


def say(world: World, interaction: Interaction, parameters: Parameters) -> None:
    data = parameters.fields.inner("data")
    interaction.original = said(world, interaction, data, parameters)


def defer(world: World, interaction: Interaction, parameters: Parameters) -> None:
    data = parameters.fields.inner("data")
    is_ephemeral = bool((data.integer("flags") or 0) & Flag.EPHEMERAL)
    flags = Flag.LOADING | (Flag.EPHEMERAL if is_ephemeral else Flag.NONE)
    version = Version(at=world.clock.now(), flags=flags)
    interaction.original = posted(world, interaction, version, Pings(), is_ephemeral=is_ephemeral)


def defer_update(world: World, interaction: Interaction, parameters: Parameters) -> None:  # noqa: ARG001  # nothing said
    interaction.original = interaction.message


def update(world: World, interaction: Interaction, parameters: Parameters) -> None:
    assert interaction.message is not None
    edited(world, interaction, interaction.message, parameters.fields.inner("data"), parameters)
    interaction.original = interaction.message


def choose(world: World, interaction: Interaction, parameters: Parameters) -> None:  # noqa: ARG001  # of no message
    choices = parameters.fields.inner("data").each("choices", most=MOST_CHOICES)
    interaction.choices = [choice_of(choice) for choice in choices]


def choice_of(choice: Fields) -> Choice:
    name, value = choice.text("name", least=1, most=100), choice.values.get("value")
    if not isinstance(value, str | int | float) or not any(fits(value, kind) for kind in CHOICE_TYPES):
        raise choice.wrong("value", "BASE_TYPE_BAD_TYPE", f"Could not interpret {value!r} as a choice.")
    if isinstance(value, str):
        choice.text("value", least=1, most=100)
    return Choice(name, value)


def ask(world: World, interaction: Interaction, parameters: Parameters) -> None:  # noqa: ARG001  # of no message
    interaction.modal = modal_of(parameters.fields.inner("data"), interaction)
    interaction.original = interaction.message


EFFECTS: dict[Response, Callable[[World, Interaction, Parameters], None]] = {
    Response.MESSAGE: say,
    Response.DEFERRED: defer,
    Response.DEFERRED_UPDATE: defer_update,
    Response.UPDATE: update,
    Response.CHOICES: choose,
    Response.MODAL: ask,
}


async def get_original(world: World, parameters: Parameters) -> object:
    return world.shown(original(found(world, parameters)))


async def edit_original(world: World, parameters: Parameters) -> object:
    interaction = found(world, parameters)
    message = original(interaction)
    return world.shown(edited(world, interaction, message, parameters.fields, parameters))


async def delete_original(world: World, parameters: Parameters) -> object:
    world.delete(original(found(world, parameters)))
    return None


async def follow_up(world: World, parameters: Parameters) -> object:
    """The first one takes the place of a response that is still thinking."""
    interaction = found(world, parameters)
    if interaction.is_thinking:
        message = original(interaction)
        return world.shown(edited(world, interaction, message, parameters.fields, parameters))
    if "0" not in interaction.owners and len(interaction.followups) >= MOST_FOLLOWUPS:
        raise Refused(400, 40094, "This interaction has hit the maximum number of follow up messages")
    message = said(world, interaction, parameters.fields, parameters)
    interaction.followups.append(message)
    return world.shown(message)


async def get_followup(world: World, parameters: Parameters) -> object:
    return world.shown(followup(found(world, parameters), parameters))


async def edit_followup(world: World, parameters: Parameters) -> object:
    interaction = found(world, parameters)
    message = followup(interaction, parameters)
    return world.shown(edited(world, interaction, message, parameters.fields, parameters))


async def delete_followup(world: World, parameters: Parameters) -> object:
    world.delete(followup(found(world, parameters), parameters))
    return None


def found(world: World, parameters: Parameters) -> Interaction:
    """The interaction of the token, which is good for a quarter of an hour if it was acknowledged in time."""
    interaction = world.interaction(parameters.word("token"))
    if interaction is None or parameters.number("application") != world.bot.id:
        raise unknown_webhook()
    if world.clock.now() - interaction.at > TOKEN_SECONDS:
        raise Refused(401, 50027, "Invalid Webhook Token")
    if not interaction.is_acknowledged:
        raise unknown_webhook()
    return interaction


def original(interaction: Interaction) -> Message:
    if interaction.original is None or interaction.original.is_deleted:
        raise unknown_message()
    return interaction.original


def followup(interaction: Interaction, parameters: Parameters) -> Message:
    number = parameters.number("message")
    known = interaction.messages + ([interaction.original] if interaction.original else [])
    for message in known:
        if message.id == number and not message.is_deleted:
            return message
    raise unknown_message()


def said(world: World, interaction: Interaction, fields: Fields, parameters: Parameters) -> Message:
    is_ephemeral = bool((fields.integer("flags") or 0) & Flag.EPHEMERAL)
    before = Version(at=0, flags=Flag.EPHEMERAL if is_ephemeral else Flag.NONE)
    allowed, limit = Allowed(fields), interaction.upload_limit
    version = drafted(world, interaction.channel, fields, parameters.uploads, limit=limit, before=before)
    pings = pings_of(version.text, interaction.channel, world.bot, None, allowed)
    return posted(world, interaction, version, pings, is_ephemeral=is_ephemeral)


def posted(world: World, interaction: Interaction, version: Version, pings: Pings, *, is_ephemeral: bool) -> Message:
    message = Message(
        id=world.ids.next(),
        channel=interaction.channel,
        author=world.bot,
        versions=[version],
        pings=pings,
        only_for=interaction.member if is_ephemeral else None,
        application_id=world.bot.id,
        metadata=interaction.metadata(),
    )
    return world.post(message)


def edited(world: World, interaction: Interaction, message: Message, fields: Fields, parameters: Parameters) -> Message:
    """Nobody is pinged by an edit, unless there was nothing to be seen before."""
    if message.is_deleted:
        raise unknown_message()
    allowed, limit = Allowed(fields), interaction.upload_limit
    version = drafted(world, message.channel, fields, parameters.uploads, limit=limit, before=message.now)
    if message.is_thinking:
        message.pings = pings_of(version.text, message.channel, world.bot, None, allowed)
    return world.edit(message, version)
