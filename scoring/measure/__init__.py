"""Measuring: the nearest of each class of infrastructure, with bounds and reasons."""
