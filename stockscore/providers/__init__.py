"""Where figures come from. Every source answers the one Protocol in `base`."""
