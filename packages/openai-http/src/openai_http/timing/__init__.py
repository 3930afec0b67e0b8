"""How long a call may take: each part of it, the whole, and the deadline of a block."""
