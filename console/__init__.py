"""Where a person meets the product: the command line, the configuration, the sample county."""
