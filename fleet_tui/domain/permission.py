"""Leave to unfreeze one pull request: by the rule, by the approvals of a freeze exception, or against the rule."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from fleet_tui.domain.pulls import Answer, Approval, Candidate, Role

RECORDED = "Recorded with fleet-tui by"


class Permission(Struct, frozen=True):
    """Why a pull request may be unfrozen."""

    approvals: tuple[Approval, ...] = ()
    """All approvals that count, those given by hand included."""
    override: bool = False
    """True when somebody typed the number to go against the rule."""

    @property
    def is_exception(self) -> bool:
        """Whether a comment on the pull request has to record it."""
        return bool(self.approvals) or self.override


def required(candidate: Candidate) -> tuple[Role, ...]:
    """Whose word is needed beside what is there; empty when the rule allows it, or when no word can help."""
    return candidate.verdict.missing


def permission(candidate: Candidate, by_hand: Mapping[Role, str], *, typed: str = "") -> Permission | None:
    """The leave that follows from the rule, from names entered `by_hand`, or from the number `typed`; None without.

    No approval helps in the deep freeze (`Answer.NOT_NOW`): there only the typed number does.
    """
    given = tuple(
        Approval(role, name.strip(), "by hand")
        for role, name in by_hand.items()
        if name.strip() and role in required(candidate)
    )
    approvals = (*candidate.approvals, *given)
    if candidate.verdict.answer is Answer.ALLOWED:
        return Permission(candidate.approvals if candidate.by_exception else ())
    if typed.strip().lstrip("#") == str(candidate.pull.number):
        return Permission(approvals, override=True)
    if candidate.verdict.answer is Answer.NOT_NOW:
        return None
    return Permission(approvals) if {one.role for one in given} == set(required(candidate)) else None


def why_not(candidate: Candidate, by_hand: Mapping[Role, str]) -> str:
    """Why there is no leave yet, as a sentence."""
    if candidate.verdict.answer is Answer.NOT_NOW:
        return "In the deep freeze no approval helps; only the typed number overrides the rule."
    missing = [role.value for role in required(candidate) if not by_hand.get(role, "").strip()]
    return f"Still missing: {', '.join(missing)}."


def comment(candidate: Candidate, leave: Permission, by: str) -> str:
    """The comment that records an exception on the pull request."""
    lines = ["**Freeze exception**" if not leave.override else "**Unfrozen against the freeze rule**", ""]
    lines += [f"- {one.role.value}: {one.by} ({one.how})" for one in leave.approvals]
    if leave.override:
        lines.append(f"- rule: {candidate.verdict.reason}")
    return "\n".join([*lines, "", f"{RECORDED} {by}."])


def why(candidate: Candidate, leave: Permission) -> str:
    """For the journal: the rule, the approvals, or the override."""
    if leave.override:
        return f"OVERRIDE, number typed. Rule: {candidate.verdict.reason}"
    if leave.approvals:
        return "Exception: " + ", ".join(f"{one.role.value} {one.by} ({one.how})" for one in leave.approvals)
    return f"{candidate.verdict.reason}; {candidate.judged.reason}"
