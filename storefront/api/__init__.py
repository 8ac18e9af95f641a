"""What machines ask: public JSON under ``/api/v1/``."""
