"""The core: what an order is, what it costs, and how a job lives. No I/O of its own."""
