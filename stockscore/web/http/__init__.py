"""The request: parameters, list queries, security headers, access log, static files, caching."""
