"""What the alliance could have: tonnes by year and stage that reach magnets without a Chinese step."""
