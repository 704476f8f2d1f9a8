"""The scoring of a whole book as a job that a kill only interrupts."""
