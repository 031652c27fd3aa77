"""greyspace: a surveillance state, the limits that hold it back, and the grey space its people still have."""

__version__ = "0.1.0"
