"""What is offered: categories, products, variants, add-ons, questions."""
