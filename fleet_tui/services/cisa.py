"""CISA's news feed (RSS 2.0).

Read by `defusedxml`: the text comes from outside, and it refuses document types and entities, with which a few lines
of XML fill the memory. A feed that is no XML is said to be unreadable, and not guessed at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

from fleet_tui.aside import aside
from fleet_tui.config.schema import Config
from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.domain.upstream import News
from fleet_tui.services.http import Answer, Http
from fleet_tui.services.http_service import Service
from fleet_tui.services.memo import Memo
from fleet_tui.services.store import Store

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MARKUP = re.compile(r"<[^>]*>")
FEED = "/news.xml"


class Cisa:
    """The feed at the configured address."""

    def __init__(self, http: Http, config: Config, store: Store | None = None) -> None:
        self._http = http
        self._memo = Memo(store)
        self._service = Service("CISA", config.addresses.cisa, takes_token=False)

    async def news(self) -> tuple[News, ...]:
        """The announcements in the feed, in its order. Raises `Failure`."""
        try:
            answer = await self._http.get(self._service, FEED)
        except Failure as failure:
            if failure.problem.cause is not Cause.PERMISSION:
                raise
            sentence, remedy = "CISA does not let programs read its news now.", "Look at cisa.gov/news-events."
            raise Failure(Problem("CISA", Cause.REFUSED, sentence, remedy, failure.problem.detail)) from None
        work = partial(aside, _read, answer)
        return await self._memo.value("CISA", answer.body, tuple[News, ...], work)


def _read(answer: Answer) -> tuple[News, ...]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(answer.body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:  # the last two: its encoding
        raise answer.unreadable(f"{FEED}: {type(error).__name__}: {clean(str(error))}") from None
    channel = root.find("channel")
    if channel is None:
        raise answer.unreadable(f"{FEED}: no channel in <{clean(root.tag)}>")
    return tuple(_news(item) for item in channel.findall("item"))


def _news(item: Element) -> News:
    from html import unescape

    summary = unescape(MARKUP.sub(" ", item.findtext("description") or ""))
    title, url = clean(item.findtext("title") or ""), clean(item.findtext("link") or "")
    return News(title, clean(summary, 2000), url, _moment(item.findtext("pubDate") or ""))


def _moment(date: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
