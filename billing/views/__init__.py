"""The driver's pages, the practice card page, and what providers call."""
