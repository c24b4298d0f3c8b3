"""Benchmarks: each prints ratios against a named baseline that ran in the same process, minutes apart at most."""
