"""Widgets: told what to show; they know no service and not the app."""
