"""Requests and answers of the services' HTTP APIs that more than one part of the house knows."""
