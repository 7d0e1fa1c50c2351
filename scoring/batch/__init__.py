"""Batches: files of any number of points, in parts, on one machine or a cluster."""
