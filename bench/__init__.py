"""Benchmarks: figures, not tests."""

import os

# What is measured is the program in use: its modules are compiled at its first start, whatever this shell prefers.
# Not doing so made every start 200 to 400 ms dearer.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
