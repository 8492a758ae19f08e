"""The running service: admission, health, failures, logs, rounds."""
