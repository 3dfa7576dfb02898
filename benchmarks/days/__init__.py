"""A made-up day in a car park: who comes, what is read of them, and who helps whom is held."""
