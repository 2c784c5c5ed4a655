"""The readers' door: the check as a page that anybody can read, and the site to take the book from."""
