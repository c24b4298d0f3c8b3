"""The worked proofs of docs/worked-proofs.md: what a contract says, what a bill charges, what our records show."""
