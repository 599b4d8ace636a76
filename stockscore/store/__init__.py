"""The database: models, and every query, one module a subject."""
