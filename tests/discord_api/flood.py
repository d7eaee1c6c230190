"""How many calls a route takes before it is too many."""

import hashlib
import math
from dataclasses import dataclass, field

from tests.discord_api.refusal import Limited
from tests.telegram_api.clock import Clock

GLOBAL = "*"
MESSAGES = ("create_message", "edit_message", "delete_message", "send_typing")
WEBHOOKS = ("get_original", "edit_original", "delete_original", "follow_up", "edit_followup", "delete_followup")


@dataclass(frozen=True, slots=True)
class Rule:
    calls: int
    seconds: float  # of the server's clock, from the first call on; then they are counted anew


def usual() -> dict[str, Rule | None]:
    messages, webhooks = Rule(5, 5), Rule(5, 2)
    rules: dict[str, Rule | None] = dict.fromkeys(MESSAGES, messages)
    return rules | dict.fromkeys(WEBHOOKS, webhooks)


@dataclass(slots=True)
class Rules:
    routes: dict[str, Rule | None] = field(default_factory=usual)  # by name, for each channel or interaction
    overall: Rule = Rule(50, 1)  # interactions and their webhooks apart
    upload_limit: int = 10 * 1024 * 1024  # bytes of one file where nobody pays
    acknowledge_seconds: float = 3  # for which an interaction waits for its first answer


@dataclass(slots=True)
class Bucket:
    rule: Rule
    until: float
    used: int = 0


class Flood:
    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.rules = rules
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def limit(self, route: str, rule: Rule | None) -> None:
        """None: no limit. The route `*` is all of them together."""
        if route == GLOBAL:
            self.rules.overall = rule or Rule(1_000_000, 1)
        else:
            self.rules.routes[route] = rule
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[0] != route}

    def admit(self, route: str, major: str, *, is_exempt: bool) -> None:
        """`major` is the channel, guild or interaction, which has a count of its own."""
        own, overall = self._bucket(route, major), None if is_exempt else self._bucket(GLOBAL, "")
        counting = [(bucket, scope) for bucket, scope in ((overall, "global"), (own, "user")) if bucket]
        for bucket, scope in counting:
            if bucket.used >= bucket.rule.calls:
                raise Limited(self._wait(bucket), scope)
        for bucket, _ in counting:
            bucket.used += 1

    def headers(self, route: str, major: str) -> dict[str, str]:
        bucket = self._bucket(route, major)
        if bucket is None:
            return {}
        wait = self._wait(bucket)
        return {
            "X-RateLimit-Limit": str(bucket.rule.calls),
            "X-RateLimit-Remaining": str(max(0, bucket.rule.calls - bucket.used)),
            "X-RateLimit-Reset": f"{self._clock.now() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
        }

    def _bucket(self, route: str, major: str) -> Bucket | None:
        rule = self.rules.overall if route == GLOBAL else self.rules.routes.get(route)
        if rule is None:
            return None
        bucket = self._buckets.get((route, major))
        if bucket is None or bucket.until <= self._clock.now() or bucket.rule != rule:
            bucket = self._buckets[route, major] = Bucket(rule, self._clock.now() + rule.seconds)
        return bucket

    def _wait(self, bucket: Bucket) -> float:
        """Seconds of the caller's clock, and not a thousandth too few."""
        return math.ceil(max(0.0, bucket.until - self._clock.now()) / self._clock.speed * 1000) / 1000
