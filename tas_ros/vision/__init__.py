"""Image to Scene: mask proposals, views of a region, encoders, captioners."""
