"""Docker Hub: which tags an image has. Read without an account; Docker Hub limits by address."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

import msgspec

from fleet_tui.config.schema import Config
from fleet_tui.domain.dogfood import ImageTag
from fleet_tui.domain.problem import Cause, Failure
from fleet_tui.domain.text import clean
from fleet_tui.services.http import Http
from fleet_tui.services.http_service import Service


class DockerHub:
    """The tags of the configured image."""

    def __init__(self, http: Http, config: Config) -> None:
        self._http = http
        self._service = Service("Docker Hub", config.addresses.docker_hub, takes_token=False)
        namespace, _, repository = config.dependencies.image.partition("/")
        self._path = f"/v2/namespaces/{namespace}/repositories/{repository}/tags"

    async def tags(self, pages: int = 1) -> tuple[ImageTag, ...]:
        """The tags pushed last, newest first, 100 a page; an image has thousands. Raises `Failure`."""
        found: list[ImageTag] = []
        for page in range(1, pages + 1):
            answer = await self._http.get(self._service, self._path, {"page": page, "page_size": 100})
            part = answer.decode(_Page)
            found += [one.value() for one in part.results]
            if not part.next:
                break
        return tuple(found)

    async def tag(self, name: str) -> ImageTag | None:
        """The tag of this name; None when the image has none such. Raises `Failure`."""
        try:
            answer = await self._http.get(self._service, f"{self._path}/{quote(name, safe='')}", conditional=False)
        except Failure as failure:
            if failure.problem.cause is Cause.MISSING:
                return None
            raise
        return answer.decode(_Tag).value()


class _Tag(msgspec.Struct):
    name: str
    last_updated: datetime | None = None

    def value(self) -> ImageTag:
        return ImageTag(clean(self.name), self.last_updated)


class _Page(msgspec.Struct):
    results: tuple[_Tag, ...]
    next: str | None = None
