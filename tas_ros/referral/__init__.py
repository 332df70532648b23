"""The answer: which proposal, how sure, whether one can be told at all, and what a person should know of it."""
