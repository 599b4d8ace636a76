"""The page cache: whole answers, ready to send, in memory over Redis (docs/caching.md)."""
