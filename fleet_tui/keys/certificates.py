"""The keys of the certificates screen."""

from __future__ import annotations

from fleet_tui.keys.key import Key

CERTIFICATES = (
    Key("certs.procedure", "enter,s", "procedure", "Steps…", "Open the steps that renew it, as a checklist."),
    Key(
        "certs.verify",
        "v",
        "verify",
        "Verify…",
        "Compare a renewed certificate with the one in use, before it is put in place.",
    ),
    Key("certs.remind", "i", "remind", "Reminder…", "Write a calendar reminder for the one under the cursor."),
    Key(
        "certs.remind_all",
        "I",
        "remind_all",
        "Remind of all…",
        "Write one calendar file with reminders for all that have not expired.",
        footer=False,
    ),
    Key("certs.procedures", "l", "procedures", "Procedures…", "Choose any procedure from the list.", footer=False),
    Key(
        "certs.warning_seen",
        "A",
        "acknowledge_warning",
        "Warning seen",
        "Take away the warning that another certificate than before stands there.",
        footer=False,
    ),
)
