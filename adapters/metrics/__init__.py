"""What happens here, as Prometheus reads it."""
