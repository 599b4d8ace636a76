"""The pages, a folder each: its routes, its view, and what serves that page alone."""
