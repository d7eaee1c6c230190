"""Small pictures that stand for phases and buttons, the same on every platform."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.card import Verb
from bot.job import Phase

OF_PHASE: Mapping[Phase, str] = MappingProxyType(
    {
        Phase.ACCEPTED: "⏳",
        Phase.SUBMITTING: "📝",
        Phase.RENDERING: "🎬",
        Phase.FETCHING: "📥",
        Phase.DELIVERING: "📤",
        Phase.DELIVERED: "🎞️",
        Phase.FAILED: "⚠️",
        Phase.CANCELLED: "✖️",
        Phase.UNRESOLVED: "❔",
    }
)

OF_VERB: Mapping[Verb, str] = MappingProxyType(
    {
        Verb.CANCEL: "✖️",
        Verb.AGAIN: "🔄",
        Verb.SAME_SEED: "🎯",
        Verb.TRY_AGAIN: "↩️",
        Verb.SEND_AGAIN: "📨",
        Verb.EDIT: "✏️",
        Verb.HD: "⬆️",
        Verb.DELETE: "🗑️",
    }
)
