"""fleet-tui: a full-screen dashboard for a software team that releases on a train."""

__version__ = "0.1.0"
