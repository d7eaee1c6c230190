"""Who looks at the page."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from adapters.operator_page.door import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks at what, when, and by which clocks."""

    visit: Visit
    path: str
    """Of the page, to come back to after a form was sent."""
    now: datetime
    zone: tzinfo
