"""How the description becomes what is generated."""
