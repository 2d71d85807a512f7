"""The release screen against the simulated services: what the release DRI does, and what stands in the world then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.widgets import Checkbox, Input

from fleet_tui.domain.conclusion import Outcome as Fate
from fleet_tui.domain.journal import Outcome
from fleet_tui.screens.release import MILESTONE
from fleet_tui.screens.release_dialogs import DeployDialog, GoOnDialog, LongConfirm, PushDialog, ReportDialog
from fleet_tui.services.conclusion_journal import ConclusionJournal
from fleet_tui.services.secret import Secret
from fleet_tui.services.store import Store
from fleet_tui.simulator.seed.milestone_world import KINDS, open_milestone, standing_of
from fleet_tui.simulator.world import World
from fleet_tui.simulator.world.workflow import Workflow
from fleet_tui.widgets.keyed_table import KeyedTable
from tests.helpers import GITHUB_TOKEN, MERGE_FREEZE_TOKEN, NOW, FixedClock, small_world, until
from tests.screens import app_factory
from tests.screens.app_factory import LARGE, Stage, demo, stage

FEEDS = ("release", "dependencies", "open_stories", "deployments", "milestones", "freeze", "me")
TITLE = "4.45.0"
