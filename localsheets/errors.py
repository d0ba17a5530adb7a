"""Refusals in the shape of Google's error bodies."""

from typing import Any

BAD_REQUEST_TYPE = "type.googleapis.com/google.rpc.BadRequest"


class ApiError(Exception):
    """Carry an HTTP status, Google's status word and a message to the answer."""

    def __init__(self, code: int, status: str, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """Return the JSON body that Google would send."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.status:
            error["status"] = self.status
        return {"error": error | self.extra}


def invalid(message: str) -> ApiError:
    """Build the 400 of an argument that makes no sense."""
    return ApiError(400, "INVALID_ARGUMENT", message)


def invalid_field(field: str, description: str) -> ApiError:
    """Build the 400 of a JSON payload that does not fit its schema."""
    violation = {"field": field, "description": description} if field else {"description": description}
    detail = {"@type": BAD_REQUEST_TYPE, "fieldViolations": [violation]}
    return ApiError(400, "INVALID_ARGUMENT", description, details=[detail])


def invalid_fields(violations: list[tuple[str, str]]) -> ApiError:
    """Build one 400 out of all that does not fit in a payload: (field, description), the field empty at the root."""
    found = [{"field": field, "description": text} if field else {"description": text} for field, text in violations]
    message = "\n".join(text for _, text in violations)
    return ApiError(400, "INVALID_ARGUMENT", message, details=[{"@type": BAD_REQUEST_TYPE, "fieldViolations": found}])


def unknown_parameters(names: list[str]) -> ApiError:
    """Build the 400 of query parameters that a method does not have."""
    text = 'Invalid JSON payload received. Unknown name "{0}": Cannot bind query parameter. '
    text += "Field '{0}' could not be found in request message."
    return invalid_fields([("", text.format(name)) for name in names])


def root_not_a_message() -> ApiError:
    """Build the 400 of a JSON body that is no object."""
    return invalid_field("", 'Invalid JSON payload received. Unknown name "": Root element must be a message.')


def bad_mask(fields: str, path: str) -> ApiError:
    """Build the 400 of a `fields` parameter that names what the answer never holds; the message does not say what."""
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    refused = invalid_field(fields, text)
    refused.message = "Request contains an invalid argument."
    return refused


def not_found() -> ApiError:
    """Build the 404 of Sheets for an unknown book."""
    return ApiError(404, "NOT_FOUND", "Requested entity was not found.")


def file_not_found(file_id: str) -> ApiError:
    """Build the 404 of Drive, which names the file and has no status word."""
    message = f"File not found: {file_id}."
    entry = {
        "message": message,
        "domain": "global",
        "reason": "notFound",
        "location": "fileId",
        "locationType": "parameter",
    }
    return ApiError(404, "", message, errors=[entry])


def drive_invalid(message: str, location: str) -> ApiError:
    """Build the 400 of Drive for a parameter it cannot read."""
    entry = {
        "message": message,
        "domain": "global",
        "reason": "invalid",
        "location": location,
        "locationType": "parameter",
    }
    return ApiError(400, "", message, errors=[entry])


def unauthenticated() -> ApiError:
    """Build the 401 of an unknown or expired access token."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
        "or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, "UNAUTHENTICATED", message, errors=[_at_header("Invalid Credentials", "authError")])


def no_credentials(method: str) -> ApiError:
    """Build the refusal of a call without any token: a GET could have had an API key, other methods could not."""
    if method in ("GET", "HEAD"):
        message = (
            "Method doesn't allow unregistered callers (callers without established identity). "
            "Please use API Key or other form of API consumer identity to call this API."
        )
        entry = {"message": message, "domain": "global", "reason": "forbidden"}
        return ApiError(403, "PERMISSION_DENIED", message, errors=[entry])
    message = (
        "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie "
        "or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, "UNAUTHENTICATED", message, errors=[_at_header("Login Required.", "required")])


def _at_header(message: str, reason: str) -> dict[str, Any]:
    return {
        "message": message,
        "domain": "global",
        "reason": reason,
        "location": "Authorization",
        "locationType": "header",
    }


def missing(what: str) -> ApiError:
    """Build the 501 that names what this stand-in cannot do."""
    return ApiError(501, "UNIMPLEMENTED", f"localsheets does not implement {what}.")


REASONS = {401: "authError", 403: "forbidden", 404: "notFound", 429: "rateLimitExceeded", 501: "notImplemented"}


def in_sheets(refused: ApiError, xgafv: str | None) -> dict[str, Any]:
    """Return the body of a refusal by Sheets, which shows the older list of `errors` at `$.xgafv=1` alone."""
    error = refused.body()["error"]
    older = error.pop("errors", None)
    if xgafv != "1":
        return {"error": error}
    if older is None:
        payload = "details" in error and refused.message.startswith("Invalid ")
        usual = "badRequest" if refused.code < 500 else "backendError"
        reason = "invalid" if payload else REASONS.get(refused.code, usual)
        older = [{"message": refused.message} | ({} if payload else {"domain": "global"}) | {"reason": reason}]
    return {"error": {"code": error.pop("code"), "message": error.pop("message"), "errors": older} | error}
