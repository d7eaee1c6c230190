"""Every setting, read once from the environment and `.env`, with the environment before the file."""

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from dotenv.main import resolve_variables
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from adapters.providers import aimlapi, fal, pixverse, shortapi, signature
from bot.catalogue import PROVIDERS
from rushes.trouble import CannotStart

PREFIX = "RUSHES_"


def _names(value: object) -> object:
    return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


def _bot_token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]{3,}:[A-Za-z0-9_-]{20,}", token.get_secret_value()):
        raise ValueError
    return token


_ADDRESS = "an address that starts with http:// or https://"

Key = Annotated[SecretStr | None, Field(min_length=1)]
ProviderName = Literal["fal", "aimlapi", "shortapi", "pixverse"]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]


class Settings(BaseModel):
    """`RUSHES_` and the name in capitals sets a field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Field(default=Path("data"), description="a folder for the database and the clips")
    config: Path | None = Field(default=None, description="a file with limits and prices, such as rushes.toml")
    web_host: str = Field(default="127.0.0.1", description="an address of this machine")
    web_port: int = Field(default=8080, ge=0, le=65535, description="a port from 0 to 65535")
    database_url: str | None = Field(
        default=None, pattern="^sqlite:///.+", description="sqlite:/// and the path of a file"
    )
    public_url: Url | None = Field(default=None, description=_ADDRESS)
    fal_key: Key = Field(default=None, description="a key from fal.ai")
    fal_queue_url: Url = Field(default=fal.QUEUE_URL, description=_ADDRESS)
    fal_jwks_url: Url = Field(default=signature.JWKS_URL, description=_ADDRESS)
    aimlapi_key: Key = Field(default=None, description="a key from aimlapi.com")
    aimlapi_url: Url = Field(default=aimlapi.API_URL, description=_ADDRESS)
    aimlapi_legacy: bool = Field(default=False, description="true or false")
    shortapi_key: Key = Field(default=None, description="a key from shortapi.ai")
    shortapi_url: Url = Field(default=shortapi.API_URL, description=_ADDRESS)
    pixverse_key: Key = Field(default=None, description="a key from platform.pixverse.ai")
    pixverse_url: Url = Field(default=pixverse.API_URL, description=_ADDRESS)
    moderation_url: Url | None = Field(default=None, description=_ADDRESS)
    moderation_key: Key = Field(default=None, description="a key from whoever runs RUSHES_MODERATION_URL")
    moderation_model: str = Field(
        default="omni-moderation-latest", min_length=1, description="a model that RUSHES_MODERATION_URL knows"
    )
    admin_token: Annotated[SecretStr | None, Field(min_length=16)] = Field(
        default=None, description="at least 16 characters that nobody guesses"
    )
    telegram_token: Annotated[SecretStr | None, AfterValidator(_bot_token)] = Field(
        default=None, description="what @BotFather gave you, such as 123456789:AAbb…"
    )
    discord_token: Annotated[SecretStr | None, Field(min_length=30)] = Field(
        default=None, description="the token of a bot from https://discord.com/developers/applications"
    )
    discord_api_url: Url = Field(default="https://discord.com/api/v10", description=_ADDRESS)
    discord_gateway_url: Annotated[str, Field(pattern=r"^wss?://[^\s/]+")] = Field(
        default="wss://gateway.discord.gg/", description="an address that starts with wss:// or ws://"
    )
    telegram_api_url: Url = Field(default="https://api.telegram.org", description=_ADDRESS)
    telegram_local: bool = Field(default=False, description="true or false")
    owners: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(telegram|discord):\d+$")], ...], BeforeValidator(_names)
    ] = Field(default=(), description="accounts of operators, separated by commas, such as telegram:123456789")
    provider_order: Annotated[tuple[ProviderName, ...], BeforeValidator(_names)] = Field(
        default=(), description="fal, aimlapi, shortapi and pixverse, separated by commas, the preferred first"
    )
    trusted_media_hosts: Annotated[tuple[str, ...], BeforeValidator(_names)] = Field(
        default=(), description="names of hosts, separated by commas, each with or without :port"
    )
    simulator_speed: float = Field(default=10.0, gt=0, le=1000, description="a number above 0, at most 1000")
    parallel: int = Field(default=4, ge=1, le=1000, description="a whole number from 1 to 1000")
    when_full: Literal["wait", "next"] = Field(default="wait", description="wait or next")
    metrics_token: Annotated[SecretStr | None, Field(min_length=16)] = Field(
        default=None, description="at least 16 characters that nobody can guess"
    )
    log_format: Literal["console", "json"] = Field(default="console", description="console or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen in a log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))

    @property
    def keys(self) -> dict[str, SecretStr]:
        """Of every provider that is switched on."""
        every = {
            "fal": self.fal_key,
            "aimlapi": self.aimlapi_key,
            "shortapi": self.shortapi_key,
            "pixverse": self.pixverse_key,
        }
        return {name: key for name, key in every.items() if key is not None}

    @property
    def switched_on(self) -> tuple[str, ...]:
        """In the operator's order of preference; without any key it is the simulator, which speaks fal's dialect."""
        order = dict.fromkeys((*self.provider_order, *PROVIDERS))
        return tuple(provider for provider in order if provider in self.keys) or ("fal",)

    @property
    def database(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///")) if self.database_url else self.data_dir / "rushes.db"


SECRETS = tuple(f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name.endswith(("_key", "_token")))
"""What must not be shown to anybody."""


def load(environment: Mapping[str, str] = os.environ, file: Path = Path(".env")) -> Settings:
    """Raises `CannotStart` with the name of the setting and the remedy."""
    read = settings_in(given(environment, file))
    if isinstance(read, Settings):
        return read
    raise read[0]


def given(environment: Mapping[str, str] = os.environ, file: Path = Path(".env")) -> dict[str, str]:
    """What is set, by its whole name. Raises `CannotStart` for a file that cannot be read."""
    return {**_from_file(file), **_ours(environment)}


def settings_in(given: Mapping[str, str]) -> Settings | list[CannotStart]:
    """Or everything that is wrong with what is given."""
    named = {name.removeprefix(PREFIX).lower(): value for name, value in given.items()}
    unknown = [_unknown(name) for name in given if name.removeprefix(PREFIX).lower() not in Settings.model_fields]
    try:
        settings = Settings.model_validate({name: named[name] for name in named if name in Settings.model_fields})
    except ValidationError as error:
        fields = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
        return [*unknown, *(_bad_value(field, named[field]) for field in fields)]
    if settings.moderation_key and settings.moderation_url is None:
        lonely = CannotStart(
            f"{PREFIX}MODERATION_KEY is set, and {PREFIX}MODERATION_URL is not",
            "Set that to https://api.openai.com/v1, or to where the key is from",
        )
        return [*unknown, lonely]
    return unknown or settings


def _ours(names: Mapping[str, str | None]) -> dict[str, str]:
    """An empty value means that the setting is not set."""
    return {name: value.strip() for name, value in names.items() if name.startswith(PREFIX) and value and value.strip()}


def _from_file(file: Path) -> dict[str, str]:
    try:
        with file.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file} cannot be read", "Make it a text file that this user may read") from error
    for binding in bindings:
        if binding.error or (binding.key and binding.value is None):
            # What the parser calls the line begins with the empty lines before it.
            text = binding.original.string
            line = binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
            raise CannotStart(
                f"line {line} of {file} is not NAME=value",
                "Correct it, or put a # before it",
            )
    pairs = ((binding.key, binding.value) for binding in bindings if binding.key)
    return _ours(resolve_variables(pairs, override=False))


def _unknown(name: str) -> CannotStart:
    known = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    near = difflib.get_close_matches(name, known, n=1)
    remedy = f"Did you mean {near[0]}?" if near else f"Settings are {', '.join(known)}"
    return CannotStart(f"{name} is not a setting", remedy)


def _bad_value(field: str, value: str) -> CannotStart:
    info = Settings.model_fields[field]
    name = f"{PREFIX}{field.upper()}"
    shown = "what it is" if name in SECRETS else value
    return CannotStart(f"{name} cannot be {shown}", f"Set it to {info.description}, in .env or in the environment")
