"""The published algorithm: presets `paper` and `released` (docs/method.md, section 1)."""
