"""From a deposit to a refinery: what stands in between, and how far."""
