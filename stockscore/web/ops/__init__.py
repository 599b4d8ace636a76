"""For whoever runs the site: health, metrics, administration, clearing of the cache."""
