"""A stranger's file becomes a checked frame, read in a process of its own."""
