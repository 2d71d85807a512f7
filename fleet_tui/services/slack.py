"""Posting to Slack through an incoming webhook.

A message is sent once. It cannot be looked for afterwards, so one whose answer was lost is `Unconfirmed`. The
webhook's address is a secret as a whole, since whoever has it can post: nothing here shows it.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec.structs import replace

from fleet_tui.config.rules import address_fault
from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed
from fleet_tui.services.http import Http
from fleet_tui.services.http_problems import unreadable
from fleet_tui.services.http_service import Service
from fleet_tui.services.secret import Secret, renewal

LONGEST_TEXT = 40_000
"""Slack cuts a longer message off."""
LOST = {Cause.OFFLINE, Cause.SLOW, Cause.SERVER, Cause.UNREADABLE}
"""After these a write may have been carried out all the same."""


class Webhook:
    """An incoming webhook, which posts to one channel."""

    def __init__(self, http: Http, address: Secret) -> None:
        self._http = http
        self._address = address

    async def post(self, text: str) -> None:
        """Post `text`, in Slack's own markup. Raises `Failure`; `Unconfirmed` when it may have been posted."""
        if len(text) > LONGEST_TEXT:
            sentence = f"The message is {len(text):,} characters long; Slack takes {LONGEST_TEXT:,}."
            raise Failure(Problem("Slack", Cause.REFUSED, sentence, "Shorten it."))
        service, path = self._place()
        try:
            answer = await self._http.post(service, path, json={"text": text})
            if answer.body.strip() != b"ok":
                raise unreadable(service, "an answer other than ok")
        except Failure as failure:
            raise self._not_posted(failure.problem) from None

    def _place(self) -> tuple[Service, str]:
        parts = urlsplit(self._address.reveal())
        if address_fault(self._address.reveal()) or not parts.path.strip("/"):
            sentence = "What is stored as Slack's webhook is no address of one."
            raise Failure(Problem("Slack", Cause.TOKEN, sentence, self._new_one))
        return Service("Slack", f"{parts.scheme}://{parts.netloc}"), parts.path

    @property
    def _new_one(self) -> str:
        return f"Make a new one in Slack. {renewal('slack-webhook', self._address, 'Store it')}"

    def _not_posted(self, problem: Problem) -> Failure:
        """`problem` in the webhook's words. Its own detail names the address, and is left out."""
        if problem.cause in LOST:
            sentence = f"Whether the message was posted is not known: {problem.sentence}"
            return Unconfirmed(
                Problem("Slack", problem.cause, sentence, "Look in the channel before you post it again.")
            )
        if problem.cause is Cause.LIMITED:
            remedy = "Try again in a minute; nothing was posted."
            return Failure(replace(problem, sentence="Slack has had too many messages.", remedy=remedy, detail=""))
        if problem.cause in {Cause.MISSING, Cause.PERMISSION, Cause.TOKEN}:
            sentence = "Slack does not accept the webhook (any more), or its channel is closed."
            return Failure(Problem("Slack", problem.cause, sentence, self._new_one))
        return Failure(replace(problem, detail=""))
