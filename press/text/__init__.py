"""Markdown and computed numbers: from the texts of the tree to what they use, and to HTML."""
