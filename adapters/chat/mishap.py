"""What can go wrong in a chat, in more detail than `bot.trouble` has.

Undeliverable
├── PlaceGone       nothing can be written there any more
├── MessageGone     the message to change is not there, or cannot be changed
├── TooLarge        the file is more than the chat takes
└── CannotFit       and it cannot be made smaller
"""

from bot.trouble import Undeliverable


class PlaceGone(Undeliverable):
    pass


class MessageGone(Undeliverable):
    pass


class TooLarge(Undeliverable):
    pass


class CannotFit(Undeliverable):
    pass
