"""Everything that is drawn or computed for the book: one module a topic (see CONTRIBUTING.md)."""
