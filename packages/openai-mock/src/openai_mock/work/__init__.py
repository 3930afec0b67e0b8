"""What takes time, and what is worked out in it: runs, batches, training, evaluations."""
