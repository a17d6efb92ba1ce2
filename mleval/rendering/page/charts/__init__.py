"""Charts of the page: SVG that follows the colours of the page, one file a kind."""
