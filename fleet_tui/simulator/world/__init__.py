"""The state of the simulated outside world and the ways in which it changes."""

from fleet_tui.simulator.world.boards import Board, Boards
from fleet_tui.simulator.world.clock import Clock, FixedClock, real_time
from fleet_tui.simulator.world.freeze import FrozenBranch, MergeFreeze
from fleet_tui.simulator.world.issue import Issue
from fleet_tui.simulator.world.model import Limits, Token
from fleet_tui.simulator.world.pull import PullRequest
from fleet_tui.simulator.world.repository import Repository
from fleet_tui.simulator.world.world import World

__all__ = [
    "Board",
    "Boards",
    "Clock",
    "FixedClock",
    "FrozenBranch",
    "Issue",
    "Limits",
    "MergeFreeze",
    "PullRequest",
    "Repository",
    "Token",
    "World",
    "real_time",
]
