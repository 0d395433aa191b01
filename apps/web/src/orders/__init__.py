"""The web service: it takes orders, and hands them to the archive through a queue."""

SERVICE = "web"
__version__ = "1.0.0"
