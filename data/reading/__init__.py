"""Rows of any source, and what they mean: files, workbooks, databases."""
