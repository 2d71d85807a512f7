"""What on-call does to a pull request: ask for a review, approve it, merge it.

Each function writes once, by PyGithub and in the writer's thread (`GitHubWriter.do`), and believes nothing but the
answer. When the answer is lost, it is looked at how the pull request stands, where that can tell. They raise `Failure`,
and what PyGithub and `requests` raise.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from fleet_tui.domain.problem import Cause, Failure, Problem
from fleet_tui.domain.text import clean
from fleet_tui.services.github_pull_shapes import Author

if TYPE_CHECKING:
    from github.Repository import Repository

T = TypeVar("T")
Method = Literal["squash", "merge", "rebase"]
LOOK = "Look at the pull request."


def request_review(repository: Repository, number: int, login: str) -> None:
    """Ask somebody for a review, beside those who are asked already."""

    def is_asked(pull: _Pull) -> bool:
        return login.casefold() in {one.login.casefold() for one in pull.requested_reviewers}

    with _looked_for(repository, number, is_asked):
        sent = {"reviewers": [login]}
        if not is_asked(_ask(repository, "POST", f"{number}/requested_reviewers", _Pull, sent)):
            raise Failure(_refused(f"GitHub took the request but does not ask {clean(login)} to review #{number}."))


def approve(repository: Repository, number: int, head: str, text: str = "") -> str:
    """Approve it, if `head` is still its newest commit; gives the review's address."""
    if _ask(repository, "GET", str(number), _Pull).head.sha != head:
        raise Failure(_pushed(number))
    # A push from here on does not matter: the review is of this commit.
    sent = {"event": "APPROVE", "commit_id": head, "body": text}
    review = _ask(repository, "POST", f"{number}/reviews", _Review, sent)
    if review.state != "APPROVED":
        raise Failure(_refused(f"GitHub took the review of #{number} but not as an approval."))
    return review.html_url


def merge(repository: Repository, number: int, head: str, method: Method) -> None:
    """Merge it, if `head` is still its newest commit. GitHub checks that, and the branch's rules, at once."""
    import github

    try:
        with _looked_for(repository, number, lambda pull: pull.merged):
            merged = _ask(repository, "PUT", f"{number}/merge", _Merged, {"sha": head, "merge_method": method})
            if not merged.merged:
                raise Failure(_refused(f"GitHub took the request but did not merge #{number}."))
    except github.GithubException as error:
        if error.status == 409:
            raise Failure(_pushed(number)) from None
        raise


@contextlib.contextmanager
def _looked_for(repository: Repository, number: int, is_done: Callable[[_Pull], bool]) -> Iterator[None]:
    """Within it, an error that leaves open whether the write was carried out is dropped if it can be seen to be."""
    import github

    try:
        yield
    except Failure:
        raise
    except Exception as error:
        if isinstance(error, github.GithubException) and 400 <= error.status < 500:
            raise
        done = False
        with contextlib.suppress(Exception):  # the first error tells more
            done = is_done(_ask(repository, "GET", str(number), _Pull))
        if not done:
            raise


def _ask(repository: Repository, method: str, path: str, type_: type[T], sent: Mapping[str, Any] | None = None) -> T:
    try:
        url = f"{repository.url}/pulls/{path}"
        _, answer = repository.requester.requestJsonAndCheck(method, url, input=sent)
        return msgspec.convert(answer, type_)
    except (msgspec.ValidationError, RuntimeError) as error:  # RuntimeError: PyGithub, of redirects to elsewhere
        raise ValueError(clean(str(error))) from None


def _pushed(number: int) -> Problem:
    sentence = f"Somebody pushed to #{number} since you looked at it."
    return Problem("GitHub", Cause.REFUSED, sentence, "Look at the change, then do it again.")


def _refused(sentence: str) -> Problem:
    return Problem("GitHub", Cause.REFUSED, sentence, LOOK)


class _Head(msgspec.Struct):
    sha: str


class _Pull(msgspec.Struct):
    number: int
    head: _Head
    merged: bool = False
    """Left out where the pull request is not asked for alone."""
    requested_reviewers: tuple[Author, ...] = ()


class _Review(msgspec.Struct):
    state: str
    html_url: str


class _Merged(msgspec.Struct):
    merged: bool
