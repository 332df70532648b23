"""One file for each subcommand of `tas`: add_arguments(parser) and run(args) -> exit code."""
