"""Pictures of a citizen's influence, as anybody may see it: SVG to put in a page or a README."""
