"""What pages are made of: formats, terms, tables, components, charts, the strip of markets."""
