"""Routes: from a deposit by road, rail and sea to a named refinery."""
