"""Visual-text score, P-score, N-score, colours and their calibration."""
