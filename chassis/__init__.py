"""What every service needs and none should repeat.

The promises: an acknowledged command is in the log; what is in the log reaches the bus, in order,
at least once; what reaches a service takes effect once; nothing personal leaves the service that
owns it.
"""
