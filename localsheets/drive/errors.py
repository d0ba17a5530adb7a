"""Refusals of Drive: a list of errors with a reason each, no status word."""

from typing import Any

from localsheets.errors import ApiError

FILE_RIGHTS = "The user does not have sufficient permissions for this file."


def refusal(code: int, reason: str, message: str, location: str = "", kind: str = "parameter") -> ApiError:
    """Build a refusal of Drive; `location` names the parameter or header that is at fault."""
    entry: dict[str, Any] = {"message": message, "domain": "global", "reason": reason}
    if location:
        entry |= {"location": location, "locationType": kind}
    return ApiError(code, "", message, errors=[entry])


def insufficient_rights() -> ApiError:
    """Build the 403 of an account whose role does not allow a call."""
    return refusal(403, "insufficientFilePermissions", FILE_RIGHTS)


def thing_not_found(what: str, thing_id: str) -> ApiError:
    """Build the 404 of something that belongs to a file: Permission, Comment, Reply."""
    return refusal(404, "notFound", f"{what} not found: {thing_id}.", f"{what.lower()}Id")


def bad_request(message: str, reason: str = "badRequest") -> ApiError:
    """Build the 400 of a body that makes no sense."""
    return refusal(400, reason, message)


def out_of_range(name: str, value: Any, least: int, most: int) -> ApiError:
    """Build the 400 of a number outside its range."""
    message = f"Invalid value '{value}'. Values must be within the range: [{least}, {most}]"
    return refusal(400, "invalidParameter", message, name)


def required(name: str) -> ApiError:
    """Build the 400 of a parameter that a method cannot do without."""
    message = f"The '{name}' parameter is required for this method."
    if name != "fields":
        message = f"Required parameter: {name}"
    return refusal(400, "required", message, name)
