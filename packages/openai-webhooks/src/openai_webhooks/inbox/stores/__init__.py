"""The stores: SQLite and PostgreSQL on one set of statements, and Redis."""
