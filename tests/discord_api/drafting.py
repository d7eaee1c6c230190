"""From a call's form to what a message shows."""

from dataclasses import replace

from tests.discord_api.components import components_of
from tests.discord_api.embeds import embeds_of
from tests.discord_api.fields import Fields
from tests.discord_api.files import Attachment, Upload
from tests.discord_api.messages import Flag, Version
from tests.discord_api.people import Channel
from tests.discord_api.refusal import Refused
from tests.discord_api.world import World

MOST_CONTENT = 2000
MOST_ATTACHMENTS = 10
SETTABLE = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
EMPTY = Version(at=0)
LEGACY = "The '{}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"

Uploads = dict[int, Upload]  # by the n of files[n]


def drafted(
    world: World, channel: Channel, fields: Fields, uploads: Uploads, *, limit: int, before: Version = EMPTY
) -> Version:
    """`limit` is in bytes of one file. What the form leaves out stays as it was before."""
    if any(upload.size > limit for upload in uploads.values()):
        raise Refused(413, 40005, "Request entity too large")
    version = replace(before, at=world.clock.now(), flags=flags_of(fields, before))
    version = replace(version, attachments=attachments_of(world, channel, fields, uploads, before))
    if "content" in fields:
        version = replace(version, content=fields.text("content", most=MOST_CONTENT))
    if "embeds" in fields:
        version = replace(version, embeds=embeds_of(fields))
    if "components" in fields:
        names = {attachment.name for attachment in version.attachments}
        is_v2 = Flag.COMPONENTS_V2 in version.flags
        version = replace(version, components=components_of(fields, names, is_v2=is_v2))
    check(version, fields)
    return version


def check(version: Version, fields: Fields) -> None:
    if version.is_empty:
        raise Refused(400, 50006, "Cannot send an empty message")
    if Flag.COMPONENTS_V2 in version.flags:
        for name in ("content", "embeds"):
            if version.content if name == "content" else version.embeds:
                raise fields.wrong(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", LEGACY.format(name))


def flags_of(fields: Fields, before: Version) -> Flag:
    """Once a message is made of components, it remains so."""
    given = Flag((fields.integer("flags") or 0) & SETTABLE) if "flags" in fields else before.flags & SETTABLE
    lasting = Flag.COMPONENTS_V2 | Flag.EPHEMERAL
    return given | (before.flags & lasting)


def attachments_of(
    world: World, channel: Channel, fields: Fields, uploads: Uploads, before: Version
) -> tuple[Attachment, ...]:
    """Of the earlier ones those that are listed, or all where there is no list."""
    listed = {str(item.values.get("id")): item for item in fields.each("attachments")}
    known = {str(attachment.id): attachment for attachment in before.attachments}
    for number, item in listed.items():
        if number not in known and not (number.isdecimal() and int(number) in uploads):
            raise item.wrong("id", "ATTACHMENT_NOT_FOUND", "Attachment not found")
    kept = [attachment for number, attachment in known.items() if "attachments" not in fields or number in listed]
    if len(kept) + len(uploads) > MOST_ATTACHMENTS:
        message = f"Must be {MOST_ATTACHMENTS} or fewer in length."
        raise fields.wrong("attachments", "BASE_TYPE_MAX_LENGTH", message)
    return (*kept, *(attached(world, channel, upload, listed.get(str(n))) for n, upload in sorted(uploads.items())))


def attached(world: World, channel: Channel, upload: Upload, item: Fields | None) -> Attachment:
    name = item.text("filename", most=1024) if item else ""
    description = item.text("description", most=1024) if item else ""
    return world.files.attach(upload, channel.id, name, description)
