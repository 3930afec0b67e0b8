"""The operations of the API as methods, a module for each group."""
