"""The machinery: reads, validates, compiles and serves the tables of the package."""
