"""Rectifier: directions, ranks and relations over the proposals."""
