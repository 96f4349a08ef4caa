"""The table of contents of the API: one file a resource, one function an operation."""

from typing import Any

Json = dict[str, Any]
Answer = tuple[Any, int] | tuple[Any, int, dict[str, str]]
