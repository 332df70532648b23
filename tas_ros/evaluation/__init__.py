"""Measures the pipeline: how well it finds what people mean, and how long it takes."""
