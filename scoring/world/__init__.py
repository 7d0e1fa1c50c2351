"""The world that sites are judged against: layers, method tables, places, and what is kept on disk."""
