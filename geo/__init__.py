"""Geometry that has never heard of a mineral: distances, networks, rasters, GeoJSON."""
