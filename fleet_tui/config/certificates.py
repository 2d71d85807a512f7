"""Settings: `[certificates]`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from fleet_tui.config.section import Section

Days = Annotated[int, Meta(ge=1, le=365)]
ReminderDays = Annotated[int, Meta(ge=14, le=28)]
PORT = r"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
CertificateKind = Literal["vendor", "apns", "abm", "vpp", "tls", "other"]


class CertificateFile(Section, frozen=True, kw_only=True):
    """A file with one or several certificates, or a folder of such files."""

    path: Annotated[
        str,
        Meta(
            min_length=1,
            description="PEM, DER (`.cer`) or PKCS#12 (`.p12`, `.pfx`; its passphrase: "
            "`fleet-tui certs passphrase FILE`). `~` is the home. Of a folder, all such files directly in it.",
        ),
    ]
    owner: Annotated[str, Meta(description="Who renews it; empty: the owner of its kind.")] = ""


class Endpoint(Section, frozen=True, kw_only=True):
    """A TLS server whose certificate is looked at."""

    address: Annotated[
        str,
        Meta(
            pattern=rf"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):{PORT}\Z",
            title="a host and a port such as `fleet.example.com:443`",
            description="Where it listens, as `host:port`.",
        ),
    ]
    owner: Annotated[str, Meta(description="Who renews it; empty: the owner of its kind.")] = ""


class PlainDate(Section, frozen=True, kw_only=True):
    """Something that expires and cannot be read: an account, a licence, a token."""

    name: Annotated[str, Meta(min_length=1, description="What expires.")]
    expires: Annotated[date, Meta(description="The first day on which it is no longer valid.")]
    kind: Annotated[CertificateKind, Meta(description="What it is.")] = "other"
    owner: Annotated[str, Meta(description="Who renews it; empty: the owner of its kind.")] = ""


class Owners(Section, frozen=True, kw_only=True):
    """Who renews what names no owner of its own, by kind."""

    vendor: Annotated[str, Meta(description="The MDM vendor certificate.")] = ""
    apns: Annotated[str, Meta(description="The APNs push certificate.")] = ""
    abm: Annotated[str, Meta(description="Tokens of Apple Business Manager.")] = ""
    vpp: Annotated[str, Meta(description="Tokens of volume purchasing.")] = ""
    tls: Annotated[str, Meta(description="Certificates of TLS servers.")] = ""
    other: Annotated[str, Meta(description="Everything else.")] = ""


class Certificates(Section, frozen=True, kw_only=True):
    """Certificates and other things that expire: where they are found, and when they call for attention."""

    fleet_server: Annotated[
        bool, Meta(description="Ask the Fleet server (`addresses.fleet`) for its push certificate and its tokens.")
    ] = False
    files: Annotated[tuple[CertificateFile, ...], Meta(description="Certificate files and folders.")] = ()
    endpoints: Annotated[tuple[Endpoint, ...], Meta(description="TLS servers.")] = ()
    dates: Annotated[tuple[PlainDate, ...], Meta(description="What cannot be read.")] = ()
    owners: Annotated[Owners, Meta(description="Who renews what, by kind.")] = Owners()
    threshold_days: Annotated[
        tuple[Days, ...],
        Meta(
            min_length=1,
            description="So many days before the end there is an alert. The longest is a notice, the two shortest are "
            "urgent, those between are warnings.",
        ),
    ] = (60, 30, 14, 7, 1)
    status_days: Annotated[
        Days, Meta(description="From so many days before its end the most urgent one stands in the status line.")
    ] = 30
    renewal_days: Annotated[Days, Meta(description="The renewal window: the last so many days, in which to renew.")] = (
        30
    )
    validity_days: Annotated[
        Days, Meta(description="So long a renewed certificate has to be valid; a few days more or less are no fault.")
    ] = 365
    reminder_days: Annotated[
        tuple[ReminderDays, ...],
        Meta(min_length=1, description="Alarms of the calendar reminder: so many days before the end."),
    ] = (28, 14)
    procedures: Annotated[
        str, Meta(description="A folder with procedures of your own (`*.toml`), beside those that come along.")
    ] = ""
