"""The app's keys: who may open it, and who may ask it for data.

One secret in a private file survives restarts.  Two keys are derived from it:

* a cookie, which every port of this computer receives, and which opens only documents without data;
* a key for the page's script, which the browser keeps for this address alone, and which every request for data carries.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from clonus_sense.files import write_text_atomically

logger = logging.getLogger(__name__)

# Readable only by their user.
PRIVATE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700

# 256 bits cannot be guessed.
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The secret of an app.

    Parameters
    ----------
    secret
        Text from :func:`read_keys`.
    """

    secret: str

    @property
    def door(self) -> str:
        """Key that opens the app; it stands in the private file that the browser opens."""
        return self._derive("door")

    @property
    def cookie(self) -> str:
        """Value of the cookie."""
        return self._derive("cookie")

    @property
    def data(self) -> str:
        """Value of the header that every request for data carries."""
        return self._derive("data")

    def _derive(self, use: str) -> str:
        """Derive a key, from which neither the secret nor another key can be computed."""
        return hmac.new(self.secret.encode(), use.encode(), hashlib.sha256).hexdigest()


def is_same(given: str, wanted: str) -> bool:
    """Compare two keys in a time that tells nothing about them."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def read_keys(folder: Path) -> Keys:
    """Read the secret of an app; make one at the first start.

    Parameters
    ----------
    folder
        The app's private folder; it is made if needed.

    Raises
    ------
    OSError
        If the folder or the file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER_MODE)
    path = folder / "secret"
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            logger.warning("%s: others could read this file; the app has a new secret now.", path)
        elif secret := path.read_text(encoding="ascii").strip():
            return Keys(secret)
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    write_text_atomically(path, secret + "\n", mode=PRIVATE_MODE)
    return Keys(secret)
