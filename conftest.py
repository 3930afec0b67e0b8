"""How properties are tested, in all packages."""

from hypothesis import settings

# No deadline: how long an example takes says more of the machine than of the code. The same
# examples each time, so that a check fails for what was changed and for nothing else.
settings.register_profile("suite", deadline=None, max_examples=60, derandomize=True)
# `pytest --hypothesis-profile=search` looks for more.
settings.register_profile("search", deadline=None, max_examples=1_000, derandomize=False)
settings.load_profile("suite")
