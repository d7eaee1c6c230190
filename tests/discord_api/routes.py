"""What can be called, by the names that tests give it."""

from collections.abc import Awaitable, Callable

from tests.discord_api import application, channels, responding
from tests.discord_api.parameters import Parameters
from tests.discord_api.world import World

Method = Callable[[World, Parameters], Awaitable[object]]
ORIGINAL = "/webhooks/{application}/{token}/messages/@original"
FOLLOWUP = "/webhooks/{application}/{token}/messages/{message}"
MESSAGE = "/channels/{channel}/messages/{message}"
COMMANDS = "/applications/{application}/commands"
GUILD_COMMANDS = "/applications/{application}/guilds/{guild}/commands"
ROUTES: dict[str, tuple[str, str, Method]] = {
    "get_gateway_bot": ("GET", "/gateway/bot", application.get_gateway_bot),
    "get_me": ("GET", "/users/@me", application.get_me),
    "get_guilds": ("GET", "/users/@me/guilds", application.get_guilds),
    "leave_guild": ("DELETE", "/users/@me/guilds/{guild}", application.leave_guild),
    "get_user": ("GET", "/users/{user}", application.get_user),
    "get_application": ("GET", "/applications/@me", application.get_application),
    "get_oauth2_application": ("GET", "/oauth2/applications/@me", application.get_application),
    "get_commands": ("GET", COMMANDS, application.get_commands),
    "set_commands": ("PUT", COMMANDS, application.set_commands),
    "get_guild_commands": ("GET", GUILD_COMMANDS, application.get_commands),
    "set_guild_commands": ("PUT", GUILD_COMMANDS, application.set_commands),
    "open_direct": ("POST", "/users/@me/channels", channels.open_direct),
    "get_channel": ("GET", "/channels/{channel}", channels.get_channel),
    "send_typing": ("POST", "/channels/{channel}/typing", channels.send_typing),
    "get_messages": ("GET", "/channels/{channel}/messages", channels.get_messages),
    "create_message": ("POST", "/channels/{channel}/messages", channels.create_message),
    "get_message": ("GET", MESSAGE, channels.get_message),
    "edit_message": ("PATCH", MESSAGE, channels.edit_message),
    "delete_message": ("DELETE", MESSAGE, channels.delete_message),
    "respond": ("POST", "/interactions/{interaction}/{token}/callback", responding.respond),
    "get_original": ("GET", ORIGINAL, responding.get_original),
    "edit_original": ("PATCH", ORIGINAL, responding.edit_original),
    "delete_original": ("DELETE", ORIGINAL, responding.delete_original),
    "follow_up": ("POST", "/webhooks/{application}/{token}", responding.follow_up),
    "get_followup": ("GET", FOLLOWUP, responding.get_followup),
    "edit_followup": ("PATCH", FOLLOWUP, responding.edit_followup),
    "delete_followup": ("DELETE", FOLLOWUP, responding.delete_followup),
}
