"""`python -m openai_webhooks` is the command line `openai-webhooks`."""

import sys

from openai_webhooks.cli import main

sys.exit(main())
