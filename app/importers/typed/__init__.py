"""Bills that a person has typed in, kept as JSON and readable again."""
