"""A call's form, read field by field."""

from collections.abc import Iterator

from tests.discord_api.refusal import Json, Refused, invalid

CHOICE = "Value must be one of {{{}}}."


class Fields:
    def __init__(self, values: Json, at: str = "") -> None:
        self.values = values
        self._at = at

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def has(self, name: str) -> bool:
        """Whether it was given, and not as null."""
        return self.values.get(name) is not None

    def wrong(self, name: str, code: str, message: str) -> Refused:
        return invalid(self.path(name), code, message)

    def path(self, name: str) -> str:
        return f"{self._at}.{name}" if self._at else name

    def text(self, name: str, *, least: int = 0, most: int | None = None) -> str:
        """Empty where it was not given, which is refused where at least one character is due."""
        value = self.values.get(name)
        if value is None:
            if least:
                raise self.wrong(name, "BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            raise self.wrong(name, "BASE_TYPE_BAD_TYPE", f"Could not interpret {value!r} as string.")
        if least and most is not None and not least <= len(value) <= most:
            raise self.wrong(name, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        if most is not None and len(value) > most:
            raise self.wrong(name, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return value

    def integer(self, name: str, *, least: int | None = None, most: int | None = None) -> int | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).removeprefix("-").isdecimal():
            raise self.wrong(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        number = int(value)
        if (least is not None and number < least) or (most is not None and number > most):
            raise self.wrong(name, "NUMBER_TYPE_RANGE", f"int value should be between {least} and {most}.")
        return number

    def one_of(self, name: str, choices: tuple[int, ...]) -> int:
        number = self.integer(name)
        if number is None:
            raise self.wrong(name, "BASE_TYPE_REQUIRED", "This field is required")
        if number not in choices:
            raise self.wrong(name, "BASE_TYPE_CHOICES", CHOICE.format(", ".join(map(str, choices))))
        return number

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return bool(value)

    def inner(self, name: str) -> "Fields":
        """Empty where it was not given."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(name, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return Fields(value or {}, self.path(name))

    def each(self, name: str, *, least: int = 0, most: int | None = None) -> list["Fields"]:
        """The objects of a list, which is empty where it was not given."""
        values = self.sequence(name)
        if len(values) < least or (most is not None and len(values) > most):
            raise self.wrong(name, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return list(self._objects(name, values))

    def sequence(self, name: str) -> list[object]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return value

    def _objects(self, name: str, values: list[object]) -> Iterator["Fields"]:
        for position, value in enumerate(values):
            if not isinstance(value, dict):
                raise self.wrong(f"{name}.{position}", "MODEL_TYPE_CONVERT", "Only dictionaries may be used here")
            yield Fields(value, f"{self.path(name)}.{position}")
