"""What a description is held against: itself, the document, the official package, examples."""
