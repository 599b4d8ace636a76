"""Writes the documents that are made from the program itself and from the replayed S&P 500:
`python -m bench.documents [DATABASE.db]` (docs/methodology.md, docs/data-quality.md)."""
