"""Benchmarks. Each prints its figures beside the stock set-up, measured in the same run."""
