"""How facts of others become the description: of the official package, of the document."""
