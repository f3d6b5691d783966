"""What the first page of each role asks for: a fixed number of statements each, small rows back."""
