"""How many sends and edits a chat takes before it is too many."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from tests.telegram_api.clock import Clock
from tests.telegram_api.people import Chat
from tests.telegram_api.refusal import flooded


@dataclass(frozen=True, slots=True)
class Rule:
    calls: int
    seconds: float  # of the server's clock; any stretch of this length has at most so many calls


@dataclass(slots=True)
class Rules:
    private: Rule = Rule(5, 5)  # one a second, in bursts
    group: Rule = Rule(20, 60)
    overall: Rule = Rule(30, 1)


class Flood:
    def __init__(self, clock: Clock, rules: Rules) -> None:
        self.rules = rules
        self._clock = clock
        self._own: dict[int, Rule | None] = {}
        self._admitted: defaultdict[int, deque[float]] = defaultdict(deque)

    def limit(self, chat: Chat, rule: Rule | None) -> None:
        """None: no limit for this chat, and it does not count towards that of all chats."""
        self._own[chat.id] = rule

    def admit(self, chat: Chat) -> None:
        usual = self.rules.private if chat.kind == "private" else self.rules.group
        rule = self._own.get(chat.id, usual)
        if rule is None:
            return
        wait = max(self._wait(chat.id, rule), self._wait(0, self.rules.overall))
        if wait > 0:
            raise flooded(max(1, math.ceil(wait / self._clock.speed)))
        for window in (chat.id, 0):
            self._admitted[window].append(self._clock.now())

    def _wait(self, window: int, rule: Rule) -> float:
        """Seconds of the server's clock until one more is welcome."""
        admitted, now = self._admitted[window], self._clock.now()
        while admitted and admitted[0] <= now - rule.seconds:
            admitted.popleft()
        return admitted[-rule.calls] + rule.seconds - now if len(admitted) >= rule.calls else 0
