"""The queue before a product that sells in a rush: who is next, and who may order now."""
