"""Frames as files that other programs open; knows neither minerals nor scores."""
