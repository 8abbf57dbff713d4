"""API errors as RFC 9457 problem details."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.http import Http404, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into `application/problem+json` with a `code` and, for fields, their details."""
    if isinstance(error, DjangoValidationError):  # what our services raise
        fields = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        error = exceptions.ValidationError(fields)
    if isinstance(error, OverflowError | DataError):  # a number or text that no column of that kind can hold
        error = exceptions.ParseError("A value is too large to be looked for, or is none that can be stored.")
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        code, detail = "not_found", "There is nothing here, or you may not see it."
    elif isinstance(error, PermissionDenied):
        code, detail = "permission_denied", "You may not do this."
    elif isinstance(error, exceptions.ValidationError):
        code, detail = "invalid", "Some fields are not right."
    elif isinstance(error, exceptions.APIException):
        codes = error.get_codes()
        code = codes if isinstance(codes, str) else "error"
        detail = str(error.detail)
    else:
        code, detail = "error", "The request failed."
    body: dict[str, Any] = {
        "type": f"about:blank#{code}",
        "title": response.status_text,
        "status": response.status_code,
        "code": code,
        "detail": detail,
    }
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = error.detail
    response.data = body
    response.content_type = "application/problem+json"
    return response


def refusal(status: int, code: str, detail: str, **headers: str) -> JsonResponse:
    """Return a problem as a whole answer, for what is refused before or after a view; `_` in a header's name is `-`."""
    body = {
        "type": f"about:blank#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=named)
