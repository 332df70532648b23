"""Tables of words, without any rule."""
