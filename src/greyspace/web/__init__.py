"""The explorer's server: answers a page on this machine, and lets nobody else in."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The page, as it was built."""
