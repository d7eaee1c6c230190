"""How one generation goes on, as far as looks can tell."""

from dataclasses import dataclass, replace
from math import inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """All ages are seconds since the submission."""

    not_by: float = 0.0
    """At this age it was not done."""
    by: float = inf
    """At this age it was."""
    queued: float | None = None
    """At this age it was last seen in the provider's queue; `None` where it never was."""
    rendering: float | None = None
    """At this age it was first seen out of the queue and not done; `None` where it never was."""
    looks: int | None = 0
    """`None` where nobody counted from the beginning."""

    @property
    def began(self) -> float | None:
        """The likeliest age at which its turn came; `None` where it did not, or nothing tells."""
        if self.rendering is None or (self.looks is None and self.queued is None):
            return None
        return ((self.queued or 0.0) + self.rendering) / 2

    def seen_queued(self, age: float) -> "Course":
        return replace(self, not_by=age, queued=age, rendering=None, looks=self._counted)

    def seen_rendering(self, age: float) -> "Course":
        rendering = age if self.rendering is None else self.rendering
        return replace(self, not_by=age, rendering=rendering, looks=self._counted)

    def ended(self, age: float) -> "Course":
        return replace(self, by=max(age, self.not_by), looks=self._counted)

    @property
    def _counted(self) -> int | None:
        return None if self.looks is None else self.looks + 1


UNSEEN = Course()
"""Of one that is being submitted."""

UNCOUNTED = Course(looks=None)
"""Of one that was submitted before we came."""
