"""From pages to finished files, and from finished files back to plain records."""
