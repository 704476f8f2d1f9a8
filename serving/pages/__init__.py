"""The account managers' pages: today's work, a customer, the whole book and the model, in English and Chinese."""
