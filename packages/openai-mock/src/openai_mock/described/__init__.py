"""What is answered by the description alone, where no handler knows better."""
