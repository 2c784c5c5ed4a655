"""From HTML to pages: the only package that knows the renderer and its boxes."""
