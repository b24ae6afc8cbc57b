"""What Datasette shows: plugins, templates, static files and saved queries, and the modules that they share."""
