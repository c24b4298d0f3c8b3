"""Bills in X12: the sets 811 and 810, and the acknowledgement that is written for them."""
