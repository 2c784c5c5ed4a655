"""Where books begin: a small book that teaches by its comments, an empty tree from a contents list, one more entry."""
