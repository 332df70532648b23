"""Model files that do not come inside packages: what there is, where it lies, how it is fetched and checked."""
