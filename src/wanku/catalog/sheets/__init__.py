"""Products as tables: what our own format and Shopify's say, read, checked and written. Pure: no database here."""
