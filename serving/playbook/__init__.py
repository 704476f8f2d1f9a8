"""What to do for a customer: the playbook of a book, as data, and how actions follow from it."""
