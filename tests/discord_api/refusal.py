"""What Discord answers when it will not."""

Json = dict[str, object]


class Refused(Exception):
    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        """`errors` are those of the form, nested like the form itself."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def as_json(self) -> Json:
        answer: Json = {"message": self.message, "code": self.code}
        return answer | ({"errors": self.errors} if self.errors else {})


class Limited(Refused):
    def __init__(self, seconds: float, scope: str) -> None:
        """Seconds of the caller's clock; the scope is `user`, `global` or `shared`."""
        super().__init__(429, 0, "You are being rate limited.")
        self.seconds = seconds
        self.scope = scope

    def as_json(self) -> Json:
        return {"message": self.message, "retry_after": self.seconds, "global": self.scope == "global"}


def invalid(path: str, code: str, message: str) -> Refused:
    """Something in the form, at `data.components.0.custom_id`, say."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path.split(".")):
        errors = {name: errors}
    return Refused(400, 50035, "Invalid Form Body", errors)


def unauthorized() -> Refused:
    return Refused(401, 0, "401: Unauthorized")


def unknown_channel() -> Refused:
    return Refused(404, 10003, "Unknown Channel")


def unknown_message() -> Refused:
    return Refused(404, 10008, "Unknown Message")


def unknown_webhook() -> Refused:
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    return Refused(404, 10062, "Unknown interaction")


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")
