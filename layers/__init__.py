"""Layers: facts on disk become checked GeoDataFrames; knows no score and no screen."""
