"""How the API's description is made of the views: the choice of fields, files of lists, who may send how."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from accounts.api_export import TYPES, exportable
from core.api_sparse import names_of

FILE = "All rows that match as a file, streamed; needs the right to export. Without it a page."


class Schema(AutoSchema):
    """Describes an operation, with the choice of fields where there is one."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Tell whether an answer is a list; a view whose `list` answers one object says `one_answer`."""
        return not getattr(self.view, "one_answer", False) and bool(super()._is_list_view(serializer))

    def get_auth(self) -> Any:
        """Add Basic auth where tracking libraries send."""
        basic: list[dict[str, list[str]]] = (
            [{"basicKey": []}] if getattr(self.view, "basic_keys", False) else []
        )
        return [*super().get_auth(), *basic]

    def get_override_parameters(self) -> Any:
        """Add `fields` to what can be cut down to some of them."""
        names = names_of(type(self.view), getattr(self.view, "action", None))
        own = list(super().get_override_parameters())
        if self.method != "GET" or not names:
            return own
        about = "Only these fields, separated by commas."
        if exportable(type(self.view), getattr(self.view, "action", None)):
            own.append(OpenApiParameter("format", str, enum=list(TYPES), description=FILE))
        return [
            *own,
            OpenApiParameter(
                "fields", str, enum=names, many=True, explode=False, style="form", description=about
            ),
        ]
