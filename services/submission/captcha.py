"""A proof of work against machines that hand in by the thousand.

We sign a challenge, the sender's own device computes for a moment; nobody has to look at pictures.
"""
