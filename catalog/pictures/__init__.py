"""Pictures: received and cleaned in a limited child process, kept under their digest, made small, swept."""
