"""Embeds, within their limits."""

from tests.discord_api.fields import Fields
from tests.discord_api.refusal import Json

MOST_EMBEDS = 10
MOST_FIELDS = 25
MOST_CHARACTERS = 6000  # of all embeds of a message together


def embeds_of(fields: Fields) -> tuple[Json, ...]:
    embeds = fields.each("embeds", most=MOST_EMBEDS)
    if sum(map(checked, embeds)) > MOST_CHARACTERS:
        message = f"Embed size exceeds maximum size of {MOST_CHARACTERS}"
        raise fields.wrong("embeds", "MAX_EMBED_SIZE_EXCEEDED", message)
    return tuple({"type": "rich"} | embed.values for embed in embeds)


def checked(embed: Fields) -> int:
    """How many characters it has."""
    words = [embed.text("title", most=256), embed.text("description", most=4096)]
    words += [embed.inner("footer").text("text", most=2048), embed.inner("author").text("name", most=256)]
    for field in embed.each("fields", most=MOST_FIELDS):
        words += [field.text("name", least=1, most=256), field.text("value", least=1, most=1024)]
    return sum(map(len, words))
