"""Whom a message calls, within what the bot allows."""

import re

from tests.discord_api.fields import Fields
from tests.discord_api.messages import Message, Pings
from tests.discord_api.people import Channel, Member, Permission, Role

MEMBER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)")
MOST_LISTED = 100
KINDS = ("roles", "users", "everyone")


class Allowed:
    def __init__(self, fields: Fields) -> None:
        """Whatever is mentioned, where nothing is said about it."""
        given = fields.inner("allowed_mentions")
        self._is_given = fields.has("allowed_mentions")
        self._kinds = [str(kind) for kind in given.sequence("parse")]
        self._listed = {kind: [str(number) for number in given.sequence(kind)] for kind in ("roles", "users")}
        self.replied = given.flag("replied_user") or not self._is_given
        if not set(KINDS).issuperset(self._kinds):
            raise given.wrong("parse", "BASE_TYPE_CHOICES", f"Value must be one of {set(KINDS)}.")
        for kind, numbers in self._listed.items():
            if numbers and kind in self._kinds:
                message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
                raise given.wrong(kind, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
            if len(numbers) > MOST_LISTED:
                raise given.wrong(kind, "BASE_TYPE_BAD_LENGTH", f"Must be between 0 and {MOST_LISTED} in length.")

    def has(self, kind: str, number: int = 0) -> bool:
        return not self._is_given or kind in self._kinds or str(number) in self._listed.get(kind, [])


def pings_of(text: str, channel: Channel, author: Member, reply_to: Message | None, allowed: Allowed) -> Pings:
    members = [member for member in people(channel) if str(member.id) in MEMBER.findall(text)]
    members = [member for member in members if allowed.has("users", member.id)]
    if reply_to and allowed.replied and reply_to.author not in members and not reply_to.is_deleted:
        members.append(reply_to.author)
    may_call_all = channel.guild is not None and Permission.MENTION_EVERYONE in channel.permissions(author)
    return Pings(
        members=tuple(members),
        roles=roles_in(text, channel, allowed, may_call_all=may_call_all),
        everyone=may_call_all and allowed.has("everyone") and EVERYONE.search(text) is not None,
    )


def people(channel: Channel) -> list[Member]:
    return list(channel.guild.members.values()) if channel.guild else list(channel.people)


def roles_in(text: str, channel: Channel, allowed: Allowed, *, may_call_all: bool) -> tuple[Role, ...]:
    if channel.guild is None:
        return ()
    named = [role for role in channel.guild.roles if str(role.id) in ROLE.findall(text)]
    return tuple(role for role in named if (role.is_mentionable or may_call_all) and allowed.has("roles", role.id))
