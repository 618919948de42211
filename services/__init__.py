"""The services: each with its own database, topic and processes; strangers to one another."""
