"""Single words that matter, sorted by what they do. Strength follows Ofcom's research on British ears."""
