"""What authors write: the YAML tree, the source's contents list and the works, as checked values."""
