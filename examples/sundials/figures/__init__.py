"""What the book draws and computes."""
