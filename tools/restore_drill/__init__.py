"""Taking the tables back to a moment: restored beside the live ones, compared, and only what was lost written back."""
