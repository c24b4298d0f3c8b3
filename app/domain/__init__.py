"""The field's values and words: pure, frozen, standard library only."""
