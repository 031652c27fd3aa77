"""What all tests share: how hard the property tests look."""

from hypothesis import settings

# The same examples every time, so that a change is never blamed for luck; a first call may compile, hence no deadline.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
# `pytest --hypothesis-profile=search` looks for new trouble.
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("steady")
