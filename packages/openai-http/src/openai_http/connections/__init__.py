"""The connections of a client: how many there may be, through what, and who shares them."""
