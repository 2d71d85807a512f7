"""Whom to believe on the other end of a connection: those that this machine's certificate authorities vouch for."""

from __future__ import annotations

import ssl
import sys
import threading

from fleet_tui.aside import aside


class Trust:
    """The TLS settings of all connections. Nobody is believed until the authorities are loaded.

    To read them takes 50 ms, so it waits for the first server that needs them.
    """

    def __init__(self) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if sys.version_info >= (3, 13):  # as strict as `ssl.create_default_context` is there
            self.context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
        self._loading = threading.Lock()
        self._loaded = False

    async def load(self) -> None:
        """Load the authorities, if they are not: in a thread, so that keys are answered meanwhile."""
        if not self._loaded:
            await aside(self._load)

    def _load(self) -> None:
        with self._loading:
            if not self._loaded:
                load_authorities(self.context)
            self._loaded = True


def load_authorities(context: ssl.SSLContext) -> None:
    """Have `context` believe the authorities of this machine, which a company may have added its own to.

    `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. Where the machine has none, as on macOS, they are Mozilla's.
    """
    context.load_default_certs()
    places = ssl.get_default_verify_paths()
    if places.cafile is None and places.capath is None and not context.cert_store_stats()["x509_ca"]:
        import certifi

        context.load_verify_locations(certifi.where())
