"""Scripts that fit the weights and constants kept in the package. Not installed."""
