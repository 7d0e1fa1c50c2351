"""Judging: values, gates and scores of measured sites."""
