"""The calls about chats, updates, buttons and files."""

from tests.telegram_api.entities import units
from tests.telegram_api.files import MOST_DOWNLOADED
from tests.telegram_api.messages import Answer
from tests.telegram_api.parameters import Parameters
from tests.telegram_api.people import PRESENT, Chat
from tests.telegram_api.refusal import Refused, bad_request, conflict
from tests.telegram_api.updates import MOST_UPDATES, WEBHOOK_IS_SET
from tests.telegram_api.world import World

MOST_ANSWER = 200
PRESS_SECONDS = 15
ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


async def get_me(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    return world.bot.as_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.has_privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(world: World, parameters: Parameters) -> object:
    if world.webhook.url:
        raise conflict(WEBHOOK_IS_SET)
    world.updates.allow(parameters.sequence("allowed_updates"))
    limit = min(MOST_UPDATES, max(1, parameters.integer("limit") or MOST_UPDATES))
    seconds = parameters.integer("timeout") or 0
    batch = await world.updates.poll(parameters.integer("offset") or 0, limit, seconds)
    return [update.as_json() for update in batch]


async def set_webhook(world: World, parameters: Parameters) -> object:
    if parameters.flag("drop_pending_updates"):
        world.updates.drop()
    world.webhook.set(parameters)
    world.updates.allow(parameters.sequence("allowed_updates"))
    world.updates.end_poll("terminated by setWebhook request")
    return True


async def delete_webhook(world: World, parameters: Parameters) -> object:
    if parameters.flag("drop_pending_updates"):
        world.updates.drop()
    world.webhook.set(Parameters({}, {}))
    return True


async def get_webhook_info(world: World, parameters: Parameters) -> object:  # noqa: ARG001  # there are none
    return world.webhook.as_json()


async def answer_callback_query(world: World, parameters: Parameters) -> object:
    text = parameters.text("text")
    if units(text) > MOST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press = world.presses.get(parameters.text("callback_query_id"))
    if press is None or world.clock.now() - press.at > PRESS_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    press.answer = press.answer or Answer(text, parameters.flag("show_alert"))
    return True


async def get_chat(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"), to_write=False)
    return chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


async def get_chat_member(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    number = parameters.integer("user_id") or 0
    if number not in world.members:
        raise bad_request("invalid user_id specified")
    if chat.hides_members and chat.statuses.get(world.bot.id) != "administrator":
        raise bad_request("member list is inaccessible")
    return membership(world, chat, number)


async def get_chat_administrators(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [number for number, status in chat.statuses.items() if status in {"creator", "administrator"}]
    return [membership(world, chat, number) for number in admins if number != world.bot.id]


async def get_chat_member_count(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    return sum(status in PRESENT for status in chat.statuses.values())


async def leave_chat(world: World, parameters: Parameters) -> object:
    chat = world.chat(parameters.integer("chat_id"))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.statuses[world.bot.id] = "left"
    return True


async def get_file(world: World, parameters: Parameters) -> object:
    try:
        file = world.files.find(parameters.text("file_id"))
    except Refused:
        raise bad_request("invalid file_id") from None
    if file.size > MOST_DOWNLOADED:
        raise bad_request("file is too big")
    return file.as_json() | {"file_path": file.address}


def membership(world: World, chat: Chat, number: int) -> dict[str, object]:
    status = chat.statuses.get(number, "left")
    known: dict[str, object] = {"user": world.members[number].as_json(), "status": status}
    anonymity = {"is_anonymous": number in chat.anonymous}
    match status:
        case "creator":
            return known | anonymity
        case "administrator":
            return known | {"can_be_edited": False} | anonymity | dict.fromkeys(ADMIN_RIGHTS, True)
        case "kicked":
            return known | {"until_date": 0}
        case _:
            return known
