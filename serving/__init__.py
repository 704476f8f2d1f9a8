"""Histories become scores, reasons, a tier and actions."""
