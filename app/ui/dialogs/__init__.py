"""Small questions: a reason, a date, a person."""
