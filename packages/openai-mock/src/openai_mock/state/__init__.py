"""What a server keeps, where it is found, and by which clock and ids."""
