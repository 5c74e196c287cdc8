"""One HTTP request as a value: what a service must be asked, before anybody asks it.

Each service's wire module builds these, so that the hub's channels (httpx) and the supervisor's own
pages (standard library) send the very same bytes. Nothing here opens a connection; standard library
only, because the supervisor uses it.

>>> Request("GET", "http://127.0.0.1/x").header("accept") is None
True
"""

from dataclasses import dataclass

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """Method, URL, headers in order, body. A secret may stand in `headers`: never log a request."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first header of this name, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)
