"""What requests and responses contain: JSON, forms, files, compressed or not."""
