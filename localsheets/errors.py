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
    """Build the 401 of a missing or unknown access token."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie "
        "or other valid authentication credential. "
        "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    entry = {
        "message": "Invalid Credentials",
        "domain": "global",
        "reason": "authError",
        "location": "Authorization",
        "locationType": "header",
    }
    return ApiError(401, "UNAUTHENTICATED", message, errors=[entry])


def missing(what: str) -> ApiError:
    """Build the 501 that names what this stand-in cannot do."""
    return ApiError(501, "UNIMPLEMENTED", f"localsheets does not implement {what}.")
