"""The pictures: what each draws, computed from the tables; the templates write it out as SVG and as plain lists."""
