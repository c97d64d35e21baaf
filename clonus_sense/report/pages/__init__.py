"""Pages that open anywhere: templates, styles, browser modules and charts, put together into one file."""
