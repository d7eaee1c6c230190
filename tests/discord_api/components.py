"""Buttons and the like: rows under a message, or its whole layout (components v2)."""

from urllib.parse import urlsplit

from tests.discord_api.fields import Fields
from tests.discord_api.messages import LINK, TEXT, parts
from tests.discord_api.refusal import Json

MOST_ROWS = 5
MOST_COMPONENTS = 40
MOST_CHARACTERS = 4000
MOST_OPTIONS = 25
ROW, BUTTON, SELECT, SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 1, 2, 3, 9, 11, 12, 13, 14, 17
SELECTS = (SELECT, 5, 6, 7, 8)
INSIDE = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)  # a container
TOP = (*INSIDE, CONTAINER)
PREMIUM = 6
CUSTOM_ID = 100


def components_of(fields: Fields, names: set[str], *, is_v2: bool) -> tuple[Json, ...]:
    """The components of a message, numbered; `names` are those of its files."""
    top = fields.each("components", most=None if is_v2 else MOST_ROWS)
    layout = Layout(names)
    for component in top:
        component.one_of("type", TOP if is_v2 else (ROW,))
        layout.check(component)
    checked = [component.values for component in top]
    check_size(fields, checked)
    return numbered(checked)


def check_size(fields: Fields, components: list[Json]) -> None:
    every = list(parts(components))
    if len(every) > MOST_COMPONENTS:
        message = f"Components exceed the maximum of {MOST_COMPONENTS}"
        raise fields.wrong("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    words = sum(len(str(part["content"])) for part in every if part["type"] == TEXT)
    if words > MOST_CHARACTERS:
        message = f"Total text size exceeds maximum size of {MOST_CHARACTERS}"
        raise fields.wrong("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def numbered(components: list[Json]) -> tuple[Json, ...]:
    taken = {part["id"] for part in parts(components) if part.get("id")}
    free = (number for number in range(1, 1000) if number not in taken)
    for part in parts(components):
        part["id"] = part.get("id") or next(free)
    return tuple(components)


class Layout:
    def __init__(self, names: set[str]) -> None:
        self._names = names
        self._custom_ids: set[str] = set()

    def check(self, component: Fields) -> None:
        checks = dict.fromkeys(SELECTS, self._check_select) | {
            ROW: self._check_row,
            BUTTON: self._check_button,
            SECTION: self._check_section,
            TEXT: check_text,
            THUMBNAIL: self._check_medium,
            GALLERY: self._check_gallery,
            FILE: self._check_file,
            SEPARATOR: check_separator,
            CONTAINER: self._check_container,
        }
        checks[component.one_of("type", tuple(checks))](component)

    def claim(self, component: Fields) -> None:
        """No two components of a message have the same name."""
        custom_id = component.text("custom_id", least=1, most=CUSTOM_ID)
        if custom_id in self._custom_ids:
            message = "Component custom id cannot be duplicated"
            raise component.wrong("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        self._custom_ids.add(custom_id)

    def _check_row(self, row: Fields) -> None:
        inside = row.each("components", least=1, most=5)
        kinds = [component.one_of("type", (BUTTON, *SELECTS)) for component in inside]
        if len(kinds) > 1 and any(kind != BUTTON for kind in kinds):
            message = "The specified component exceeds the maximum width"
            raise row.wrong("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
        for component in inside:
            self.check(component)

    def _check_button(self, button: Fields) -> None:
        style = button.one_of("style", (1, 2, 3, 4, LINK, PREMIUM))
        if not button.text("label", most=80) and not button.has("emoji") and style != PREMIUM:
            raise button.wrong("label", "BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI", "A label or an emoji is required")
        if style == PREMIUM:
            return
        if style != LINK:
            self.claim(button)
            return
        if button.has("custom_id"):
            message = "A custom id and url cannot both be specified"
            raise button.wrong("custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
        if urlsplit(button.text("url", least=1, most=512)).scheme not in {"http", "https", "discord"}:
            message = "Scheme must be one of ('http', 'https', 'discord')."
            raise button.wrong("url", "URL_TYPE_INVALID_SCHEME", message)

    def _check_select(self, select: Fields) -> None:
        self.claim(select)
        select.text("placeholder", most=150)
        options = select.each("options", least=int(select.integer("type") == SELECT), most=MOST_OPTIONS)
        for option in options:
            option.text("label", least=1, most=100)
            option.text("value", least=1, most=100)
            option.text("description", most=100)

    def _check_section(self, section: Fields) -> None:
        for component in section.each("components", least=1, most=3):
            component.one_of("type", (TEXT,))
            self.check(component)
        accessory = section.inner("accessory")
        accessory.one_of("type", (BUTTON, THUMBNAIL))
        self.check(accessory)

    def _check_container(self, container: Fields) -> None:
        for inner in container.each("components", least=1):
            inner.one_of("type", INSIDE)
            self.check(inner)

    def _check_gallery(self, gallery: Fields) -> None:
        for item in gallery.each("items", least=1, most=10):
            self._check_medium(item)

    def _check_file(self, file: Fields) -> None:
        self._check_medium(file, "file")
        if not file.inner("file").text("url").startswith("attachment://"):
            raise file.wrong("file", "FILE_COMPONENT_REQUIRES_ATTACHMENT", "Only attachment:// is supported")

    def _check_medium(self, component: Fields, name: str = "media") -> None:
        url = component.inner(name).text("url", least=1, most=2048)
        if url.startswith("attachment://") and url.removeprefix("attachment://") not in self._names:
            message = "The referenced attachment was not found"
            raise component.wrong(name, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)


def check_text(text: Fields) -> None:
    text.text("content", least=1, most=MOST_CHARACTERS)


def check_separator(separator: Fields) -> None:
    separator.integer("spacing", least=1, most=2)
