"""What people see: base pages, parts, words in the reader's language, and the door that every page goes through."""
