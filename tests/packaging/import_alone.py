"""Run in an environment that holds one of our wheels and what it asked for, nothing else.

Usage: python import_alone.py DISTRIBUTION

Shows that the package imports, that every public name can be had, that it is typed, and that each
of its siblings is this workspace's own build rather than a foreign package of the same name.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from pathlib import Path

OWN_BUILD = "+suite"  # a local version label, which the public index never accepts


def main(name: str) -> None:
    """Check the installed distribution; exit with a message at the first fault."""
    module = importlib.import_module(name.replace("-", "_"))
    for public in module.__all__:
        if not hasattr(module, public):
            sys.exit(f"{name}: {public} is in __all__ but cannot be imported")
    if not Path(str(module.__file__)).with_name("py.typed").is_file():
        sys.exit(f"{name}: py.typed is missing")
    if importlib.metadata.version(name) != module.__version__:
        sys.exit(f"{name}: metadata and module disagree about the version")
    ours = sorted(
        f"{distribution.name} {distribution.version}"
        for distribution in importlib.metadata.distributions()
        if distribution.name.startswith("openai-")
    )
    foreign = [entry for entry in ours if not entry.endswith(OWN_BUILD)]
    if foreign:
        sys.exit(f"{name}: resolved to foreign packages: {', '.join(foreign)}")
    print(f"{name}: {len(module.__all__)} public names, with {', '.join(ours)}")


if __name__ == "__main__":
    main(sys.argv[1])
