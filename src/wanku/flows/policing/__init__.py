"""What the platform does to keep its house: merchants, rules, staff, people, categories, reviews."""
