"""`python -m openai_suite`, the same as the command `openai-suite`."""

import sys

from openai_suite.cli import main

sys.exit(main())
