"""Calls whose answers are streams, and what goes on when one breaks off."""
