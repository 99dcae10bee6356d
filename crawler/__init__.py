"""Find news pages, fetch them, read them."""
