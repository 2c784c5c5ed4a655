"""The HTML documents: front matter and answers, what follows them, cards and formula sheet."""
