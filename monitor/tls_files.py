"""Where the hub's own certificates are: one folder, made by `vigil cert`.

>>> TlsFiles.of(Path("var")).key.as_posix()
'var/tls/hub.key'
"""

from pathlib import Path
from typing import NamedTuple

__all__ = ["TlsFiles"]


class TlsFiles(NamedTuple):
    """The CA with its key, and the hub's certificate (with the chain) and key."""

    ca: Path
    ca_key: Path
    certificate: Path
    key: Path

    @classmethod
    def of(cls, data_dir: Path) -> "TlsFiles":
        """Return the files of a data folder."""
        folder = data_dir / "tls"
        return cls(folder / "ca.crt", folder / "ca.key", folder / "hub.crt", folder / "hub.key")

    @property
    def complete(self) -> bool:
        """Whether the hub can serve with them."""
        return self.certificate.is_file() and self.key.is_file()
