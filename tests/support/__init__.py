"""What tests share: real servers, markets, browsers, and waiting for them."""
