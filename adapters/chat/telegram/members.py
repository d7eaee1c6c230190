"""What Telegram says of the members of a group."""

from telegram import Chat
from telegram.constants import ChatMemberStatus

from adapters.chat.telegram.incoming import is_private
from adapters.chat.telegram.wire import Moved, translated
from bot.trouble import Trouble

_ADMINS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_admin(chat: Chat, user: int) -> bool:
    """False where Telegram does not tell."""
    if is_private(chat):
        return False
    try:
        with translated():
            return (await chat.get_member(user)).status in _ADMINS
    except (Trouble, Moved):
        return False
