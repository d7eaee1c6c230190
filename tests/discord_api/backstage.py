"""Guilds and who is in them, for a test to arrange."""

from tests.discord_api.acting import Acting
from tests.discord_api.gateway import guild_as_json
from tests.discord_api.messages import place
from tests.discord_api.people import TYPES, USUAL, Channel, Guild, Kind, Member, Overwrite, Permission, Role, named
from tests.discord_api.sessions import Intent


class Backstage(Acting):
    @property
    def bot(self) -> Member:
        return self.world.bot

    @property
    def members(self) -> list[Member]:
        return [member for member in self.world.members.values() if not member.is_bot]

    def member(
        self,
        name: str,
        *,
        number: int = 0,
        locale: str = "en-US",
        has_installed: bool = False,
        upload_limit: int = 0,
    ) -> Member:
        joined = Member(
            id=number or self.world.ids.next(),
            name=name,
            locale=locale,
            has_installed=has_installed,
            upload_limit=upload_limit,
        )
        self.world.members[joined.id] = joined
        return joined

    def guild(self, name: str, *members: Member, tier: int = 0, locale: str = "en-US", has_bot: bool = True) -> Guild:
        """The first member owns it. Without the bot there are still the members who have installed it."""
        limit = self.world.rules.upload_limit
        guild = Guild(id=self.world.ids.next(), name=name, locale=locale, tier=tier, usual_limit=limit)
        guild.roles.append(Role(id=guild.id, name="@everyone", permissions=USUAL))
        owner = self.member("Owner") if not members else members[0]
        people = [owner, *members[1:], *([self.world.bot] if has_bot else [])]
        guild.members = {member.id: member for member in people}
        guild.has_bot = has_bot
        self.world.guilds[guild.id] = guild
        if has_bot:
            self._announce(guild)
        return guild

    def invite(self, guild: Guild) -> None:
        guild.has_bot = True
        guild.members[self.world.bot.id] = self.world.bot
        self._announce(guild)

    def kick(self, guild: Guild) -> None:
        self.world.part(guild)

    def outage(self, guild: Guild) -> None:
        """The guild is gone for a while; the bot is still in it."""
        guild.is_unavailable = True
        self.world.tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild, Intent.GUILDS)

    def outage_ends(self, guild: Guild) -> None:
        guild.is_unavailable = False
        content = guild_as_json(self.world, guild) | {"unavailable": False}
        self.world.tell("GUILD_CREATE", content, guild, Intent.GUILDS)

    def channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        return self._channel(guild, name, "text", nsfw=nsfw)

    def forum(self, guild: Guild, name: str, *, nsfw: bool = False) -> Channel:
        return self._channel(guild, name, "forum", nsfw=nsfw)

    def thread(self, channel: Channel, name: str) -> Channel:
        """A post, where the channel is a forum."""
        assert channel.guild is not None
        thread = Channel(id=self.world.ids.next(), kind="thread", name=name, guild=channel.guild, parent=channel)
        thread.is_nsfw = channel.is_nsfw
        return self._opened(thread, "THREAD_CREATE")

    def dm(self, member: Member) -> Channel:
        """With the bot."""
        return self.world.direct(member)

    def group(self, *members: Member) -> Channel:
        """A conversation of people, where the bot is but with those who have installed it."""
        channel = Channel(id=self.world.ids.next(), kind="private", name="", people=members)
        self.world.channels[channel.id] = channel
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Its threads go with it."""
        assert channel.guild is not None
        for thread in [other for other in channel.guild.channels if other.parent is channel]:
            self.delete_thread(thread)
        channel.is_deleted = True
        self.world.tell("CHANNEL_DELETE", channel.as_json(), channel, Intent.GUILDS)

    def delete_thread(self, thread: Channel) -> None:
        assert thread.parent is not None
        thread.is_deleted = True
        brief = {"id": str(thread.id), "parent_id": str(thread.parent.id), "type": TYPES["thread"]}
        self.world.tell("THREAD_DELETE", place(thread) | brief, thread, Intent.GUILDS)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """A message opens it again, unless it is locked too; edits are refused."""
        thread.is_archived, thread.is_locked = True, locked
        self.world.tell("THREAD_UPDATE", thread.as_json(), thread, Intent.GUILDS)

    def role(self, guild: Guild, name: str, *, is_mentionable: bool = False, **permissions: bool) -> Role:
        """With these permissions besides those that everyone has: `role(guild, "Boss", administrator=True)`."""
        allowed = named(permissions, value=True)
        role = Role(id=self.world.ids.next(), name=name, permissions=allowed, is_mentionable=is_mentionable)
        guild.roles.append(role)
        told = {"guild_id": str(guild.id), "role": role.as_json()}
        self.world.tell("GUILD_ROLE_CREATE", told, guild, Intent.GUILDS)
        return role

    def grant(self, guild: Guild, member: Member, role: Role) -> None:
        guild.granted.setdefault(member.id, []).append(role)

    def revoke(self, guild: Guild, member: Member, role: Role) -> None:
        guild.granted[member.id].remove(role)

    def permit(self, channel: Channel, who: Member | Role | None = None, **permissions: bool) -> None:
        """In this channel, for the bot where nobody is named: `permit(channel, attach_files=False)`."""
        about = who or self.world.bot
        overwrite = channel.overwrites.setdefault(about.id, Overwrite())
        overwrite.allow = (overwrite.allow | named(permissions, value=True)) & ~named(permissions, value=False)
        overwrite.deny = (overwrite.deny | named(permissions, value=False)) & ~named(permissions, value=True)
        self.world.tell("CHANNEL_UPDATE", channel.as_json(), channel, Intent.GUILDS)

    def _channel(self, guild: Guild, name: str, kind: Kind, *, nsfw: bool) -> Channel:
        channel = Channel(id=self.world.ids.next(), kind=kind, name=name, guild=guild, is_nsfw=nsfw)
        return self._opened(channel, "CHANNEL_CREATE")

    def _opened(self, channel: Channel, event: str) -> Channel:
        assert channel.guild is not None
        self.world.channels[channel.id] = channel
        channel.guild.channels.append(channel)
        if Permission.VIEW_CHANNEL in channel.permissions(self.world.bot) and channel.guild.has_bot:
            self.world.tell(event, channel.as_json(), channel, Intent.GUILDS)
        return channel

    def _announce(self, guild: Guild) -> None:
        self.world.tell("GUILD_CREATE", guild_as_json(self.world, guild), guild, Intent.GUILDS)
