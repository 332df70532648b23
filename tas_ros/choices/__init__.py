"""Which algorithm (presets), which models (profiles), and the backends behind their names."""
