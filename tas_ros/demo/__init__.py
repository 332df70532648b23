"""The tabletop recording (its generator and its replay into the node), with the truth to check answers against."""
