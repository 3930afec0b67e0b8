"""Files, and what is made of them: vector stores with their search, and skills."""
