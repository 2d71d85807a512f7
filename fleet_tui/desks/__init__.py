"""Desks: what a screen works on. One tells what is shown of a part of the world, and does what is done to it."""
