"""Who is asked whether a prompt is decent: nobody, unless there is an address."""

import httpx

from adapters.moderation.endpoint import Endpoint
from rushes.settings import Settings


def moderator(settings: Settings, client: httpx.AsyncClient) -> Endpoint | None:
    if settings.moderation_url is None:
        return None
    key = settings.moderation_key.get_secret_value() if settings.moderation_key else None
    return Endpoint(client, settings.moderation_url, settings.moderation_model, key)
