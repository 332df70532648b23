"""Clean words with their tags, and words that select, relate or count where they stand."""
