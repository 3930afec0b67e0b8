"""How properties are tested, in all packages."""

from hypothesis import settings

# No deadline: how long an example takes says more of the machine than of the code.
settings.register_profile("suite", deadline=None, max_examples=60)
settings.load_profile("suite")
