"""Check that each sdist holds what building and testing it needs, and nothing else.

Usage: python check_sdists.py FOLDER
"""

from __future__ import annotations

import sys
import tarfile
from pathlib import Path

NEEDED = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "src", "tests"}
TOLERATED = {".gitignore"}  # hatchling always includes it


def main(folder: Path) -> None:
    """Exit with a message at the first sdist that lacks something or has too much."""
    archives = sorted(folder.glob("*.tar.gz"))
    if not archives:
        sys.exit(f"no sdist in {folder}")
    for archive in archives:
        with tarfile.open(archive) as opened:
            found = {Path(name).parts[1] for name in opened.getnames() if len(Path(name).parts) > 1}
        if found - TOLERATED != NEEDED:
            sys.exit(f"{archive.name}: differs in {sorted((found - TOLERATED) ^ NEEDED)}")
    print(f"{len(archives)} sdists hold {', '.join(sorted(NEEDED))}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
